import type { ExhaustedLimit } from '../../http/pacer.ts'
import { Fault } from '../../model/fault.ts'

/** A limit of the Target is used up, and returns later than a Run waits. A server starts the next Run at that time. */
export function limitExhausted({ limit, until }: ExhaustedLimit): Fault {
  const at = new Date(until).toISOString()
  return new Fault(
    'transient',
    `The Target's limit "${limit}" is used up and returns at ${at}. Records that were not sent are on hold.`,
    {
      code: 'limit-exhausted',
      advice: 'A server starts the next Run at that time. From a shell, run it again then.',
      returnsAt: until,
    },
  )
}
