import { value as asText } from '../../../lib/format.ts'

export interface SettingGroup {
  readonly title: string
  readonly keys: readonly string[]
  /** The section of the edit dialog for these settings. */
  readonly edit: 'mapping' | 'schedule' | 'guardrails' | 'more'
}

/** Settings in an order that is easy to explain. Keys not listed here are shown last. */
export const settingGroups: readonly SettingGroup[] = [
  {
    title: 'Source and target',
    edit: 'mapping',
    keys: ['warehouse', 'target', 'object', 'behavior', 'tags', 'createTag', 'identifier', 'matches'],
  },
  {
    title: 'Mapping',
    edit: 'mapping',
    keys: ['mapping', 'autoMap', 'changedRows', 'createFields', 'archived', 'duplicates'],
  },
  { title: 'Schedule', edit: 'schedule', keys: ['schedule', 'cron', 'timezone', 'timeLimit'] },
  { title: 'Guardrails', edit: 'guardrails', keys: ['limits'] },
  {
    title: 'Delivery and safety',
    edit: 'more',
    keys: ['delivery', 'verify', 'ownership', 'drift', 'bookkeeping', 'adopts'],
  },
]

const labels: Readonly<Record<string, string>> = {
  warehouse: 'Warehouse',
  target: 'Target',
  object: 'Target Object',
  behavior: 'Sync Behavior',
  tags: 'Tag(s)',
  createTag: 'Create the tag',
  identifier: 'Match the query field with the Target field',
  matches: 'When several records match',
  mapping: 'Field Mapping',
  autoMap: 'Map other columns by name',
  duplicates: 'Rows with the same identifier',
  changedRows: 'Rows that change later',
  createFields: 'Create missing fields',
  archived: 'Archived records',
  schedule: 'Schedule',
  cron: 'Schedule (cron)',
  timezone: 'Time zone',
  timeLimit: 'Time limit of a Run',
  limits: 'Guardrails',
  delivery: 'Delivery',
  verify: 'Read back after a Run',
  ownership: 'Ownership',
  drift: 'Drift',
  bookkeeping: 'Bookkeeping',
  adopts: 'Takes over the state of',
}

const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createTag: { true: 'yes, by the first Run that needs it', false: 'no, it must exist' },
  delivery: {
    batch: 'batch: many records in one call, if the Target answers for each record',
    single: 'single: one record per call',
  },
  verify: { none: 'no', sample: 'sample: some of the written records', full: 'full: all written records' },
  ownership: {
    respect: 'respect: what others added stays external',
    adopt: 'adopt: what is found in place becomes managed',
    enforce: 'enforce: only what the query selects may stay',
  },
  drift: { report: 'report: only list it', repair: 'repair: write it again' },
  bookkeeping: { store: "store: in Tailrace's own database" },
  matches: { one: 'one: reject the record', all: 'all: write to all of them' },
  autoMap: { true: 'yes', false: 'no' },
  createFields: { true: 'yes', false: 'no' },
}

const limitWords: Readonly<Record<string, string>> = {
  adds: 'Additions in one Run',
  updates: 'Changed records in one Run',
  removes: 'Removals in one Run',
  invalid: 'Invalid rows',
  failures: 'Records rejected by the Target',
  shrunk: "Shrinking of the query's result",
  population: 'Share of all records in the Target',
}

export function settingLabel(key: string): string {
  return labels[key] ?? key
}

/** A setting's value in words; several lines for a structure. */
export function settingWords(key: string, value: unknown): readonly string[] {
  const said = words[key]?.[String(value)]
  if (said !== undefined) return [said]
  if (key === 'identifier') return (Array.isArray(value) ? value : [value]).map((one: unknown) => matched(one))
  if (key === 'limits' && isTable(value))
    return Object.entries(value).map(([name, inner]) =>
      `${limitWords[name] ?? name}: at most ${asText(inner)}`.replace('at most off', 'no limit'),
    )
  if (key === 'mapping' && isTable(value))
    return Object.entries(value).map(([field, from]) => `${mappedFrom(from)} → ${field}`)
  if (Array.isArray(value)) return value.map((item) => asText(item))
  if (isTable(value)) return Object.entries(value).map(([name, inner]) => `${name}: ${asText(inner)}`)
  return [asText(value)]
}

function matched(identifier: unknown): string {
  if (!isTable(identifier)) return asText(identifier)
  return `${asText(identifier['column'])} → ${asText(identifier['field'] ?? 'the only identifier')}`
}

function mappedFrom(from: unknown): string {
  if (!isTable(from)) return asText(from)
  const { column, ...rest } = from
  const options = Object.entries(rest)
    .map(([name, inner]) => `${name}: ${asText(inner)}`)
    .join(', ')
  return column === undefined ? options : `${asText(column)}${options === '' ? '' : ` (${options})`}`
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
