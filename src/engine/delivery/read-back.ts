import type { Pool } from 'pg'
import type { Fields } from '../../model/field.ts'
import { notice, type Notice } from '../../model/notice.ts'
import { addressName } from '../lookup/addresses.ts'
import { refName, type Key } from '../../model/record.ts'
import { noneVerified, type Verified } from '../../model/observed.ts'
import type { RunLease } from '../../store/snapshot/marks.ts'
import { readEntries } from '../../store/snapshot/read-entries.ts'
import { requireLease } from '../../store/snapshot/marks.ts'
import { writeEntries } from '../../store/snapshot/write-snapshot.ts'
import { inTransaction } from '../../store/database/transaction.ts'
import {
  drawDelivered,
  readDelivered,
  recordVerification,
  type DeliveredOperation,
} from '../../store/snapshot/verification.ts'
import { unverified } from '../../rules/settlement/unconfirmed.ts'
import { expectationOfWrite, judgeReading, tallied, type Expectation } from '../../rules/verify.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import type { RunContext } from '../run-context.ts'
import { readCurrent } from '../lookup/read-current.ts'
import { asEngineFault } from './send-slice.ts'

/** Size of a sample of a Run's delivered Records. */
const sampleSize = 100
const pageSize = 2000

export interface ReadBack extends Verified {
  /** The first Record that is not as it was written. */
  readonly lost: Key | undefined
  /** The first Record that could not be read. */
  readonly unread: Key | undefined
}

/**
 * Reads back what a Run delivered, by direct reads: a sample, all, or all up to a line of its Plan. A write that is
 * missing right afterwards was never applied, whatever the answer said: it becomes unconfirmed, and the next Run
 * settles it.
 */
export async function readBack(
  context: RunContext,
  link: TargetLink,
  what: 'sample' | 'full' | { readonly upTo: number },
): Promise<ReadBack> {
  const { activation, ports, lease } = context
  const takesOff = activation.behavior.plan.added === 'detach'
  let verified = noneVerified
  let lost: Key | undefined
  let unread: Key | undefined
  for await (const page of pages(context, what)) {
    const seen = await readCurrent(activation, link, page)
    const findings = page.map((operation) => judgeReading(asAsked(operation), seen.get(addressName(operation))))
    const missing = page.filter((_, index) => findings[index]?.verdict === 'missing')
    if (missing.length > 0) await keepUnverified(ports.database, lease, missing, takesOff)
    lost ??= missing[0]?.key
    unread ??= page.find((_, index) => findings[index]?.verdict === 'pending')?.key
    verified = tallied(verified, findings)
  }
  await recordVerification(ports.database, { activationId: lease.activationId, runId: lease.runId, ...verified })
  return { ...verified, lost, unread }
}

async function keepUnverified(
  pool: Pool,
  lease: RunLease,
  missing: readonly DeliveredOperation[],
  takesOff: boolean,
): Promise<void> {
  const byRecord = new Map<string, [DeliveredOperation, ...DeliveredOperation[]]>()
  for (const lost of missing) {
    const others = byRecord.get(refName(lost))
    if (others === undefined) byRecord.set(refName(lost), [lost])
    else others.push(lost)
  }
  await inTransaction(pool, async (client) => {
    const { startedAt, at } = await requireLease(client, lease)
    const { entries } = await readEntries(client, lease.activationId, missing)
    await writeEntries(
      client,
      lease.activationId,
      [...byRecord].map(([name, lost]) => ({
        key: lost[0].key,
        group: lost[0].group,
        entry: unverified(entries.get(name), lost, takesOff, { from: startedAt, to: at }, lease.runId),
      })),
    )
  })
}

/** Reads back after a Run and reports the result. If the read fails, the Run does not fail. */
export async function reportReadBack(
  context: RunContext,
  link: TargetLink,
  what: 'sample' | 'full',
): Promise<{ readonly verified?: Verified; readonly notices: readonly Notice[] }> {
  try {
    const { confirmed, pending, missing, lost } = await readBack(context, link, what)
    return {
      verified: { confirmed, pending, missing },
      notices: [
        ...(missing > 0
          ? [
              notice(
                'not-as-written',
                `${missing} of the records read back do not hold what was written, for example "${lost}". They are unconfirmed; the next Run settles them.`,
                { records: missing, example: lost ?? null },
              ),
            ]
          : []),
        ...(pending > 0
          ? [notice('not-read-back', `${pending} records could not be read back.`, { records: pending })]
          : []),
      ],
    }
  } catch (error) {
    return {
      notices: [
        notice('read-back-failed', `The written records could not be read back: ${asEngineFault(error).message}`),
      ],
    }
  }
}

async function* pages(
  { ports, lease }: RunContext,
  what: 'sample' | 'full' | { readonly upTo: number },
): AsyncGenerator<readonly DeliveredOperation[]> {
  if (what !== 'sample')
    yield* readDelivered(ports.database, lease.runId, pageSize, what === 'full' ? undefined : what.upTo)
  else yield await drawDelivered(ports.database, lease.runId, sampleSize, Math.floor(ports.random() * 2 ** 31))
}

function asAsked({ key, group, kind, hasChanged, after }: DeliveredOperation): Expectation {
  if (kind === 'delete' || kind === 'archive') return { key, is: 'gone' }
  if (kind !== 'attach' && kind !== 'detach')
    return expectationOfWrite({ key, fields: after === null ? {} : (JSON.parse(after) as Fields) })
  return { key, is: !hasChanged ? 'either' : kind === 'detach' ? 'off' : 'on', group }
}
