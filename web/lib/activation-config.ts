import { isSavedSecret } from './form-schema.ts'

/** An Activation's config while it is edited, as in tailrace.yaml. Missing choices are absent keys or empty text. */
export type Config = Readonly<Record<string, unknown>>

export interface IdentifierRow {
  readonly field: string
  readonly column: string
}

/** The source of one Field: exactly one of column, constant and template. */
export interface MappedValue {
  readonly column?: string
  readonly constant?: string | number | boolean | null
  readonly template?: string
  readonly as?: string
  readonly clean?: readonly string[]
  readonly onNull?: string
  readonly onlyIfEmpty?: boolean
}

export type MappingRow = readonly [field: string, value: MappedValue]

/** The groups, such as tags: fixed names, or a column that names them per row. */
export type ChosenGroups =
  | { readonly names: readonly string[] }
  | { readonly column: string; readonly delimiter: string }

export function textIn(config: Config, key: string): string {
  const value = config[key]
  return typeof value === 'string' ? value : ''
}

/** A copy with changed values; undefined removes a key. */
export function withKeys(config: Config, keys: Config): Config {
  return Object.fromEntries(Object.entries({ ...config, ...keys }).filter(([, value]) => value !== undefined))
}

/** The identifiers in order; one empty row if there are none. */
export function identifiersIn(config: Config): readonly IdentifierRow[] {
  const rows = [config['identifier'] ?? {}]
    .flat()
    .map((each) => ({ field: textIn(each as Config, 'field'), column: textIn(each as Config, 'column') }))
  return rows.length === 0 ? [{ field: '', column: '' }] : rows
}

export function withIdentifiers(config: Config, rows: readonly IdentifierRow[]): Config {
  return withKeys(config, { identifier: rows.length === 1 ? rows[0] : rows })
}

export function mappingIn(config: Config): readonly MappingRow[] {
  return Object.entries(
    (config['mapping'] ?? {}) as Readonly<
      Record<string, string | (Omit<MappedValue, 'clean'> & { readonly clean?: string | readonly string[] })>
    >,
  ).map(([field, value]) => {
    if (typeof value === 'string') return [field, { column: value }]
    const { clean, ...rest } = value
    return [field, clean === undefined ? rest : { ...rest, clean: [clean].flat() }]
  })
}

export function withMapping(config: Config, rows: readonly MappingRow[]): Config {
  return withKeys(config, {
    mapping: rows.length === 0 ? undefined : Object.fromEntries(rows.map(([field, value]) => [field, plainest(value)])),
  })
}

function plainest({ clean = [], as, onNull, onlyIfEmpty, ...from }: MappedValue): string | MappedValue {
  const more = {
    ...(as !== undefined && { as }),
    ...(clean.length > 0 && { clean }),
    ...(onNull === 'clear' && { onNull }),
    ...(onlyIfEmpty === true && { onlyIfEmpty }),
  }
  return Object.keys(more).length === 0 && from.column !== undefined ? from.column : { ...from, ...more }
}

export function groupsIn(config: Config, setting: string): ChosenGroups {
  const written = config[setting]
  if (Array.isArray(written)) return { names: written.map(String) }
  return typeof written === 'object' && written !== null
    ? { column: textIn(written as Config, 'column'), delimiter: textIn(written as Config, 'delimiter') }
    : { names: [] }
}

export function withGroups(config: Config, setting: string, members: ChosenGroups): Config {
  if ('names' in members) return withKeys(config, { [setting]: members.names })
  return withKeys(config, { [setting]: members.delimiter === '' ? { column: members.column } : members })
}

/** Config keys that every Activation has; each Target Object adds its own. */
const ownKeys = [
  'warehouse',
  'query',
  'target',
  'object',
  'behavior',
  'identifier',
  'mapping',
  'autoMap',
  'matches',
  'changedRows',
  'duplicates',
  'adopts',
  'schedule',
  'cron',
  'timezone',
  'limits',
  'verify',
  'ownership',
  'drift',
  'bookkeeping',
  'timeLimit',
]

/** Keeps the settings that still fit another Target Object. Identifiers and groups differ per object. */
export function withObject(
  config: Config,
  object: {
    readonly id: string
    readonly settings: readonly string[]
    readonly behaviors: readonly string[]
    readonly hasFields: boolean
  },
): Config {
  const kept = Object.entries(config).filter(([key]) => ownKeys.includes(key) || object.settings.includes(key))
  const columns = identifiersIn(config)
    .slice(0, 1)
    .map(({ column }) => ({ field: '', column }))
  const behavior = textIn(config, 'behavior')
  return withKeys(withIdentifiers(Object.fromEntries(kept), columns), {
    object: object.id,
    behavior: object.behaviors.includes(behavior) ? behavior : undefined,
    ...(!object.hasFields && { mapping: undefined, autoMap: undefined }),
  })
}

/** The config to send, without empty entries. The server reports what is missing. */
export function toSend(config: Config): Config {
  const rows = mappingIn(config).filter(([, value]) => value.column !== '' && value.template !== '')
  const identifiers = identifiersIn(config)
    .filter(({ field, column }) => field !== '' || column !== '')
    .map(({ field, column }) => (field === '' ? { column } : { field, column }))
  const written = withKeys(withMapping(config, rows), {
    identifier: identifiers.length === 1 ? identifiers[0] : identifiers.length === 0 ? undefined : identifiers,
  })
  return Object.fromEntries(
    Object.entries(written).filter(([, value]) => value !== '' && value !== null && !isEmptyRecord(value)),
  )
}

function isEmptyRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isSavedSecret(value) &&
    Object.keys(value).length === 0
  )
}
