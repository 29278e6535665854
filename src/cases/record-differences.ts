import type { ExpectedRecords, Values } from './case-schema.ts'
import type { CaseDifference } from './difference.ts'
import { holds, type WholeRecord } from './whole-records.ts'

type WholeRecords = ReadonlyMap<string, WholeRecord>

/** Fields of a new record that a case need not name: its identifiers, and those that Intercom fills. */
const untold: ReadonlySet<string> = new Set(['role', 'unsubscribed_from_emails', 'external_id', 'email', 'company_id'])
const isUntold = (field: string, value: unknown): boolean =>
  untold.has(field) || (field === 'monthly_spend' && value === 0)

/** Changes to whole records that differ from the expected changes. */
export function recordDifferences(
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
        .map(({ name, fields }) => `${what} ${name}${wordsOf(fields)}`),
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

function wordsOf(fields: Change['fields']): string {
  const words = [...fields]
    .filter(([field, value]) => !isUntold(field, value))
    .map(([field, value]) => `${field} ${JSON.stringify(value ?? null)}`)
  return words.length === 0 ? '' : `: ${words.join(', ')}`
}
