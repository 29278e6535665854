import { InvalidArgumentError } from 'commander'
import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { listRuns } from '../../store/runs/runs.ts'

/** Parses a Run number. */
export function readRunNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError(
      `Write the number of a Run; "tailrace runs${/^[A-Za-z][\w-]*$/.test(text) ? ` ${text}` : ''}" lists them.`,
    )
  }
  return Number(text)
}

export async function unknownRun(pool: Pool, id: number): Promise<Fault> {
  const [newest] = await listRuns(pool, { limit: 1 })
  return new Fault('usage', `There is no Run ${id}.`, {
    code: 'run-not-found',
    advice:
      newest === undefined
        ? 'There are no Runs yet.'
        : `The newest is Run ${newest.id} of ${newest.activation}; "tailrace runs" lists them.`,
  })
}
