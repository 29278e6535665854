import { Fault } from '../model/fault.ts'
import { notice, type Notice } from '../model/notice.ts'
import { refName, type Key, type RecordRef } from '../model/record.ts'
import type { RequestCounts } from '../model/run.ts'
import { noneVerified, type Verified } from '../model/observed.ts'
import { findActivation } from '../store/project/activations.ts'
import { forgetOldDrift, groupNames, saveDrift, type NewDrift } from '../store/snapshot/drift.ts'
import { lockActivation } from '../store/runs/activation-lock.ts'
import { noteJobsAtWork } from './delivery/collect-jobs.ts'
import { readRecordsAtWork } from '../store/snapshot/job-tickets.ts'
import { recentRuns } from '../store/ledger/recent-writes.ts'
import {
  countSynced,
  readSynced,
  recordVerification,
  runsThatDelivered,
  type SyncedRecord,
} from '../store/snapshot/verification.ts'
import { makeDriftDue } from '../store/snapshot/write-snapshot.ts'
import type { Current } from '../rules/decide.ts'
import {
  expectationOf,
  expectationOfValues,
  judgeReading,
  looksRight,
  tallied,
  type Expectation,
} from '../rules/verify.ts'
import type { Activation } from './activation.ts'
import { openTarget, type TargetLink } from './steps/open/open-connections.ts'
import { immutableSettingsOf, rejectChangedSettings } from './steps/open/immutable-settings.ts'
import { addressName, addressAll, directField } from './lookup/addresses.ts'
import { chooseIndexLookup, unlessBlind, type IndexLookup, type AddressedRecord } from './lookup/choose-index-lookup.ts'
import { groupColumn } from './steps/read/group-column.ts'
import type { Ports } from './ports.ts'
import { readCurrent } from './lookup/read-current.ts'
import { recoverRuns } from './steps/open/recover-activation.ts'
import { steadyClock } from './steps/open/steady-clock.ts'

const pageSize = 3000
/**
 * Before a Run, Records of recent Runs with this many deliveries are not verified: direct reads would take too long.
 */
const manyToRead = 2000

export interface VerifyOptions {
  /** Make drifted Records due again, so that the next Run repairs them. */
  readonly repair: boolean
  readonly onProgress?: (checked: number, of: number) => void
}

/** Result of `verify`. Drifted Records are read from the store, because there may be many. */
export interface VerifyReport {
  readonly activation: string
  readonly verified: Verified
  /** All Records to read back. What is in no verdict was not checked: its values are unknown, or a job is changing it. */
  readonly synced: number
  /** How many of the missing Records the next Run repairs. */
  readonly due: number
  readonly requests: RequestCounts
  readonly durationMs: number
  readonly notices: readonly Notice[]
}

/** The Activation to verify, and the connections to read it with. */
export interface Verifying {
  readonly activation: Activation
  readonly activationId: number
  readonly ports: Ports
  readonly link: TargetLink
  readonly reportProgress: (notice: Notice) => void
}

/** Compares the Snapshot with the Target. Writes nothing to the Target. Undefined if the Activation never ran. */
export async function verifyActivation(
  activation: Activation,
  given: Ports,
  options: VerifyOptions,
): Promise<VerifyReport | undefined> {
  const ports: Ports = { ...given, now: steadyClock(given.now) }
  const startedAt = ports.now()
  const row = await findActivation(ports.database, activation.name)
  if (row === undefined || row.immutableSettings === null) return undefined
  const lock = await lockActivation(ports.database, row.id, activation.name)
  try {
    await recoverRuns(ports.database, row.id)
    const signal = AbortSignal.any([ports.abort, ports.stop, lock.lost])
    const link = await openTarget(activation, ports, {
      activationId: row.id,
      signal,
      deadline: startedAt + activation.timeLimitMs,
      lock,
    })
    try {
      rejectChangedSettings(
        activation,
        row.immutableSettings,
        immutableSettingsOf(activation, link),
        link.account.account,
      )
      const notices = [...link.resolved.notices, ...(await noteJobsAtWork(ports.database, row.id))]
      const found = await verifySynced(
        { activation, activationId: row.id, ports, link, reportProgress: (each) => notices.push(each) },
        { ...options, evenRecent: true },
      )
      const { read, write } = link.client.counts
      return {
        activation: activation.name,
        ...found,
        requests: { read, write },
        durationMs: Math.round(ports.now() - startedAt),
        notices,
      }
    } finally {
      await link.client.close()
    }
  } finally {
    await lock.release()
  }
}

/**
 * Reads back all synced Records. First cheaply, through the Target's index; what differs there is read directly,
 * because an index lags. `evenRecent: false` leaves out large recent Runs that the index may not show yet: to read them
 * one by one takes longer than the Run took. The caller holds the Activation's lock.
 */
export async function verifySynced(
  verifying: Verifying,
  { repair, evenRecent, onProgress }: VerifyOptions & { evenRecent: boolean },
): Promise<{ verified: Verified; due: number; synced: number }> {
  const { activation, activationId, ports } = verifying
  const takesOff = activation.behavior.plan.added === 'detach'
  const link = await withNamedGroups(verifying)
  const recent = evenRecent
    ? []
    : await recentRuns(ports.database, {
        accountId: link.account.accountId,
        object: activation.object.id,
        withinMs: activation.object.indexLagMs,
      })
  const except = await runsThatDelivered(
    ports.database,
    recent.map(({ id }) => id),
    manyToRead,
  )
  const removesRecords = activation.behavior.plan.added === 'delete' || activation.behavior.plan.added === 'archive'
  const expect = (record: SyncedRecord): Expectation | undefined =>
    record.group === '' ? expectationOfValues(record, removesRecords) : expectationOf(record, takesOff)
  await forgetOldDrift(ports.database, activationId)
  const total = await countSynced(ports.database, activationId, except)
  const indexCheck = openIndexCheck({ ...verifying, link }, total)
  let verified = noneVerified
  let checked = 0
  let due = 0
  // A job of the Target may be changing these right now. The next Run collects its results.
  const atWork = new Set((await readRecordsAtWork(ports.database, activationId)).map(refName))
  for await (const all of readSynced(ports.database, activationId, except, pageSize)) {
    if (ports.stop.aborted) throw new Fault('cancelled', 'Cancelled.', { code: 'cancelled' })
    const page = atWork.size === 0 ? all : all.filter((record) => !atWork.has(refName(record)))
    const judged = await judgePage(activation, link, page, expect, indexCheck)
    await saveDrift(ports.database, activationId, judged.drift, judged.repaired)
    if (repair) await makeDriftDue(ports.database, activationId, judged.drift)
    due += repair ? judged.drift.length : 0
    verified = tallied(verified, judged.findings)
    checked += all.length
    onProgress?.(checked, total)
  }
  await recordVerification(ports.database, { activationId, runId: null, ...verified })
  return { verified, due, synced: checked }
}

/** A Record, and what its target record should hold. */
interface Expected {
  readonly record: SyncedRecord
  readonly expectation: Expectation
}

/** Returns the Records that look right in the index, by `refName`. */
type IndexCheck = (expected: readonly Expected[]) => Promise<ReadonlySet<string>>

/** If rows name their own groups, check all groups that any Run has named. */
async function withNamedGroups({ activation, activationId, ports, link }: Verifying): Promise<TargetLink> {
  if (groupColumn(activation) === undefined) return link
  const groups = [...(await groupNames(ports.database, activationId))].map(([id, name]) => ({ id, name }))
  return { ...link, resolved: { ...link.resolved, groups } }
}

/** Checks through the index. If the index does not answer, nothing is confirmed and everything is read directly. */
function openIndexCheck({ activation, link, reportProgress: report }: Verifying, total: number): IndexCheck {
  const blind = (why: string): void =>
    report(
      notice(
        'index-not-asked',
        `The search index of the Target cannot be used, so every record is read one by one: ${why}`,
        { reason: why },
      ),
    )
  if (activation.object.group === undefined) return openRecordIndexCheck(activation, link, blind)
  let listing: Promise<IndexLookup | undefined> | undefined
  return async (expected) => {
    const currents = new Map<Key, Current>()
    listing ??= unlessBlind(() => chooseIndexLookup(link, directField(activation), total), blind)
    const chosen = await listing
    if (chosen === undefined) return new Set()
    listing = unlessBlind(async () => {
      const addresses = await addressAll(
        activation,
        link,
        expected.map(({ record }) => record),
      )
      await chosen(
        [...addresses].map(([key, identity]): AddressedRecord => ({ key, identity })),
        currents,
      )
      return chosen
    }, blind)
    await listing
    return new Set(
      expected
        .filter(({ record, expectation }) => looksRight(expectation, currents.get(addressName(record))?.held))
        .map(({ record }) => refName(record)),
    )
  }
}

/**
 * Finds target records by their own ids, many to a call. If one call returns only one, a direct read costs the same.
 */
function openRecordIndexCheck({ object }: Activation, link: TargetLink, blind: (why: string) => void): IndexCheck {
  const { find } = object
  if (find === undefined || find.perCall('id') < 2) return () => Promise.resolve(new Set())
  return async (expected) => {
    const right = new Set<string>()
    await unlessBlind(async () => {
      const byId = new Map(expected.map((each) => [each.record.targetId ?? '', each]))
      byId.delete('')
      for await (const {
        value,
        matches: [match],
      } of find.find(link.io, link.resolved.ready, 'id', [...byId.keys()])) {
        const each = byId.get(value)
        if (each === undefined || match === undefined) continue
        const seen = { identity: { field: 'id', value }, groups: [], fields: match.fields }
        if (judgeReading(each.expectation, seen).verdict === 'confirmed') right.add(refName(each.record))
      }
    }, blind)
    return right
  }
}

async function judgePage(
  activation: Activation,
  link: TargetLink,
  page: readonly SyncedRecord[],
  expect: (record: SyncedRecord) => Expectation | undefined,
  indexCheck: IndexCheck,
) {
  const expected = page.flatMap((record): Expected[] => {
    const expectation = expect(record)
    return expectation === undefined ? [] : [{ record, expectation }]
  })
  const right = expected.length === 0 ? new Set<string>() : await indexCheck(expected)
  // Only a direct read can clear drift that a direct read found: the index may lag.
  const suspects = expected.filter(({ record }) => record.drifted || !right.has(refName(record)))
  const seen = await readCurrent(
    activation,
    link,
    suspects.map(({ record }) => record),
  )
  const suspected = new Set(suspects.map(({ record }) => refName(record)))
  const drift: NewDrift[] = []
  const repaired: RecordRef[] = []
  const findings = expected.map(({ record, expectation }) => {
    if (!suspected.has(refName(record))) return { verdict: 'confirmed' as const, fields: [] }
    const finding = judgeReading(expectation, seen.get(addressName(record)))
    if (finding.what !== undefined) {
      const managed = record.group === '' || expectation.is === 'off' || record.managed !== 'no'
      drift.push({
        key: record.key,
        group: record.group,
        runId: record.runId,
        what: finding.what,
        fields: finding.fields,
        managed,
      })
    } else if (finding.verdict === 'confirmed' && record.drifted) repaired.push(record)
    return finding
  })
  return { findings, drift, repaired }
}
