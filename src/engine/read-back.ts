import type { Fields } from '../model/field.ts'
import type { Key } from '../model/record.ts'
import { noneVerified, type Verified } from '../model/verified.ts'
import { doubtAgain, drawDelivered, readDelivered, recordVerification, type DeliveredOperation } from '../store/verification.ts'
import { expectationOfWrite, judgeReading, tallied, type Expectation } from '../sync/verify.ts'
import type { TargetLink } from './connections.ts'
import type { Held } from './held.ts'
import { readDirectly } from './read-directly.ts'

/** So many of a Run's delivered Records make a sample. */
const sampleSize = 100
const pageSize = 2000

export interface ReadBack extends Verified {
  /** The first that is not as its answer said. */
  readonly lost: Key | undefined
  /** The first that could not be read. */
  readonly unread: Key | undefined
}

/**
 * Reads what a Run delivered, directly: a sample, all, or all up to a line of its Plan. What is missing right after our own write was
 * never really there, whatever the answer said: it is in doubt again, and the next Run settles it.
 */
export async function readBack(held: Held, link: TargetLink, what: 'sample' | 'full' | { readonly upTo: number }): Promise<ReadBack> {
  const { activation, ports, holder } = held
  const takesOff = activation.behavior.plan.added === 'remove'
  let verified = noneVerified
  let lost: Key | undefined
  let unread: Key | undefined
  for await (const page of pages(held, what)) {
    const seen = await readDirectly(activation, link, page)
    const findings = page.map((operation) => judgeReading(asAsked(operation), seen.get(operation.key)))
    const missing = page.filter((_, index) => findings[index]?.verdict === 'missing')
    await doubtAgain(ports.database, holder, missing, takesOff)
    lost ??= missing[0]?.key
    unread ??= page.find((_, index) => findings[index]?.verdict === 'pending')?.key
    verified = tallied(verified, findings)
  }
  await recordVerification(ports.database, { activationId: holder.activationId, runId: holder.runId, ...verified })
  return { ...verified, lost, unread }
}

async function* pages({ ports, holder }: Held, what: 'sample' | 'full' | { readonly upTo: number }): AsyncGenerator<readonly DeliveredOperation[]> {
  if (what !== 'sample') yield* readDelivered(ports.database, holder.runId, pageSize, what === 'full' ? undefined : what.upTo)
  else yield await drawDelivered(ports.database, holder.runId, sampleSize, Math.floor(ports.random() * 2 ** 31))
}

function asAsked({ key, kind, members, after }: DeliveredOperation): Expectation {
  if (kind === 'delete' || kind === 'archive') return { key, on: [], off: [], gone: true }
  if (kind !== 'add' && kind !== 'remove') return expectationOfWrite({ key, fields: after === null ? {} : JSON.parse(after) as Fields })
  return kind === 'remove' ? { key, on: [], off: members } : { key, on: members, off: [] }
}
