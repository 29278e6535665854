import type { RunReport } from '../engine/run-report.ts'
import type { RunStatus } from '../model/run.ts'
import type { InvalidRowEntry } from '../store/ledger/invalid-rows.ts'
import type { LedgerEntry } from '../store/ledger/ledger.ts'
import { plurals, nameOf, type Membership } from './memberships.ts'
import type { CaseStep } from './read-cases.ts'
import { holds, type WholeRecord } from './whole-records.ts'
import type { ExpectedRecords, Values } from './case-schema.ts'

/**
 * One difference from what a case expects: an expected and an actual value, or missing and unexpected items of a set.
 */
export interface CaseDifference {
  readonly what: string
  readonly expected?: string
  readonly got?: string
  readonly missing?: readonly string[]
  readonly unexpected?: readonly string[]
  /** Messages of the engine or of Intercom that explain it. */
  readonly cause?: readonly string[]
}

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

type WholeRecords = ReadonlyMap<string, WholeRecord>

/** Fields of a new record that a case need not name: its identifiers, and those that Intercom fills. */
const untold: ReadonlySet<string> = new Set(['role', 'unsubscribed_from_emails', 'external_id', 'email', 'company_id'])
const isUntold = (field: string, value: unknown): boolean =>
  untold.has(field) || (field === 'monthly_spend' && value === 0)

/** Changes to whole records that differ from the expected changes. */
function recordDifferences(
  expected: ExpectedRecords,
  before: WholeRecords,
  after: WholeRecords,
): readonly CaseDifference[] {
  const came = [...after].map(([id, targetRecord]) => changeOf(before.get(id), targetRecord))
  const missing: string[] = []
  const unexpected: string[] = []
  for (const what of ['created', 'updated'] as const) {
    const got = new Map(came.filter((each) => each.what === what).map((each) => [each.name, each]))
    for (const [name, values] of Object.entries(expected[what])) {
      const change = got.get(name)
      if (change === undefined) missing.push(`${what} ${name}`)
      else compareFields(`${what} ${name}`, values, change, missing, unexpected)
    }
    unexpected.push(
      ...[...got.values()]
        .filter(({ name }) => !Object.hasOwn(expected[what], name))
        .map(({ name, fields }) => `${what} ${name}${fieldWords(fields)}`),
    )
  }
  for (const what of ['archived', 'unarchived', 'deleted'] as const) {
    const got = came.filter((each) => each.what === what).map(({ name }) => name)
    missing.push(...expected[what].filter((name) => !got.includes(name)).map((name) => `${what} ${name}`))
    unexpected.push(...got.filter((name) => !expected[what].includes(name)).map((name) => `${what} ${name}`))
  }
  return missing.length + unexpected.length === 0 ? [] : [{ what: 'records', missing, unexpected }]
}

interface Change {
  readonly what: 'created' | 'updated' | 'archived' | 'unarchived' | 'deleted' | 'unchanged'
  readonly name: string
  /** Fields whose value changed. Undefined: the Field was emptied. */
  readonly fields: ReadonlyMap<string, WholeRecord['fields'][string] | undefined>
}

function changeOf(was: WholeRecord | undefined, { name, state, fields: now }: WholeRecord): Change {
  const fields = new Map(
    [...new Set([...Object.keys(was?.fields ?? {}), ...Object.keys(now)])]
      .filter((field) => was?.fields[field] !== now[field])
      .map((field) => [field, now[field]]),
  )
  if (was === undefined) return { what: 'created', name, fields }
  if (was.state !== state)
    return { what: state === 'live' ? 'unarchived' : state === 'archived' ? 'archived' : 'deleted', name, fields }
  return { what: fields.size > 0 ? 'updated' : 'unchanged', name, fields }
}

function compareFields(
  head: string,
  values: Values,
  { what, fields }: Change,
  missing: string[],
  unexpected: string[],
): void {
  for (const [field, value] of Object.entries(values)) {
    const isChanged = what === 'created' || fields.has(field)
    if (isChanged && holds(fields.get(field), value)) continue
    missing.push(`${head}: ${field} ${JSON.stringify(value)}`)
    if (fields.has(field)) unexpected.push(`${head}: ${field} ${JSON.stringify(fields.get(field) ?? null)}`)
  }
  const others = [...fields].filter(
    ([field, value]) => !Object.hasOwn(values, field) && !(what === 'created' && isUntold(field, value)),
  )
  unexpected.push(...others.map(([field, value]) => `${head}: ${field} ${JSON.stringify(value ?? null)}`))
}

function fieldWords(fields: Change['fields']): string {
  const words = [...fields]
    .filter(([field, value]) => !isUntold(field, value))
    .map(([field, value]) => `${field} ${JSON.stringify(value ?? null)}`)
  return words.length === 0 ? '' : `: ${words.join(', ')}`
}
