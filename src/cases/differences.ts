import type { RunReport } from '../engine/run-report.ts'
import type { RunStatus } from '../model/run.ts'
import type { InvalidRowEntry } from '../store/ledger/invalid-rows.ts'
import type { LedgerEntry } from '../store/ledger/ledger.ts'
import { plurals, nameOf, type Membership } from './memberships.ts'
import type { CaseStep } from './read-cases.ts'
import type { CaseDifference } from './difference.ts'
import { recordDifferences } from './record-differences.ts'
import type { WholeRecord } from './whole-records.ts'

/** The result of a step. Memberships are keyed by `nameOf`. */
export interface Came {
  readonly report: RunReport
  readonly rejected: readonly Pick<LedgerEntry, 'key' | 'code' | 'message'>[]
  readonly invalid: readonly Pick<InvalidRowEntry, 'code' | 'message'>[]
  readonly before: ReadonlyMap<string, Membership>
  readonly after: ReadonlyMap<string, Membership>
  readonly tags: readonly string[]
  /** Whole records by Intercom's ids. Empty when the Activation writes none. */
  readonly targetRecords: {
    readonly before: ReadonlyMap<string, WholeRecord>
    readonly after: ReadonlyMap<string, WholeRecord>
  }
}

const shownReasons = 3

export function differences(expect: CaseStep['expect'], came: Came): readonly CaseDifference[] {
  const { report } = came
  const { counts } = expect
  return [
    ...statusDifference(expect, came),
    ...(expect.fault === undefined || expect.fault === report.fault?.code
      ? []
      : [
          {
            what: 'fault',
            expected: expect.fault,
            got: report.fault?.code ?? 'none',
            ...(report.fault && { cause: [report.fault.message] }),
          },
        ]),
    ...(expect.writes === undefined ? [] : setDifference('writes', expect.writes.map(wordsOf), writesOf(came))),
    ...(expect.records === undefined
      ? []
      : recordDifferences(expect.records, came.targetRecords.before, came.targetRecords.after)),
    ...stateDifferences(expect, came),
    ...Object.entries(counts ?? {}).flatMap(([name, wanted]) => {
      const got: unknown = report.counts[name as keyof typeof report.counts]
      return wanted === undefined || wanted === got
        ? []
        : [{ what: `counts.${name}`, expected: String(wanted), got: String(got) }]
    }),
    ...(expect.rejected === undefined
      ? []
      : setDifference(
          'rejected',
          Object.entries(expect.rejected).map(([key, code]) => `${key}: ${code}`),
          came.rejected.map(({ key, code }) => `${key}: ${code}`),
        )),
    ...(expect.invalid === undefined
      ? []
      : setDifference(
          'invalid',
          expect.invalid,
          came.invalid.map(({ code }) => code),
        )),
  ]
}

/** Without an expected `status`, everything must succeed except for the failures that the case expects. */
function statusDifference(expect: CaseStep['expect'], { report, rejected, invalid }: Came): readonly CaseDifference[] {
  if (expect.status === undefined && expect.fault !== undefined && report.fault !== undefined) return []
  const failures =
    expect.rejected !== undefined ||
    expect.invalid !== undefined ||
    (['invalid', 'rejected', 'onHold', 'unconfirmed'] as const).some((name) => (expect.counts?.[name] ?? 0) > 0)
  const well: readonly RunStatus[] = [
    'completed',
    'shelved',
    ...(failures ? (['completed with failures'] as const) : []),
  ]
  if (expect.status === undefined ? well.includes(report.status) : expect.status === report.status) return []
  const { fault } = report
  return [
    {
      what: 'status',
      expected: expect.status ?? well.join(' or '),
      got: report.status,
      cause: [
        ...(fault === undefined
          ? []
          : [`${fault.message} [${fault.code}]`, ...(fault.advice === undefined ? [] : [fault.advice])]),
        ...invalid.slice(0, shownReasons).map(({ message }) => message),
        ...rejected.slice(0, shownReasons).map(({ key, message, code }) => `${key}: ${message} [${code}]`),
      ],
    },
  ]
}

function writesOf({ before, after }: Came): readonly string[] {
  return [
    ...[...after].filter(([name]) => !before.has(name)).map(([, membership]) => wordsOf({ put: true, membership })),
    ...[...before].filter(([name]) => !after.has(name)).map(([, membership]) => wordsOf({ put: false, membership })),
  ]
}

function wordsOf({
  put,
  membership: { tag, targetRecord },
}: {
  readonly put: boolean
  readonly membership: Membership
}): string {
  return `${put ? '+' : '-'}${tag} ${targetRecord}`
}

function stateDifferences({ after: wanted }: CaseStep['expect'], came: Came): readonly CaseDifference[] {
  if (wanted === undefined) return []
  return [
    ...(wanted.tags === undefined ? [] : setDifference('after.tags', wanted.tags, came.tags)),
    ...plurals.flatMap((of) =>
      Object.entries(wanted[of] ?? {}).flatMap(([targetRecord, { tags }]) => {
        const held = [...came.after.values()].filter(
          (membership) => membership.of === of && membership.targetRecord === targetRecord,
        )
        const missing = tags.filter((tag) => !came.after.has(nameOf({ of, targetRecord, tag })))
        const names = new Set(tags.map((tag) => nameOf({ of, targetRecord, tag })))
        const unexpected = held.filter((membership) => !names.has(nameOf(membership))).map(({ tag }) => tag)
        return missing.length + unexpected.length === 0
          ? []
          : [{ what: `after.${of}.${targetRecord}`, missing, unexpected }]
      }),
    ),
  ]
}

/** Compares without order and case. Duplicates count. */
function setDifference(what: string, expected: readonly string[], got: readonly string[]): readonly CaseDifference[] {
  const missing = lacking(expected, got)
  const unexpected = lacking(got, expected)
  return missing.length + unexpected.length === 0 ? [] : [{ what, missing, unexpected }]
}

function lacking(wanted: readonly string[], there: readonly string[]): readonly string[] {
  const left = there.map((text) => text.toLowerCase())
  return wanted.filter((text) => {
    const at = left.indexOf(text.toLowerCase())
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
