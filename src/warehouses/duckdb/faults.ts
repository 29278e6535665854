import { Fault, offsetIn, queryFailed, queryNotReadOnly } from '../../connect/index.ts'

interface DuckdbError {
  readonly exception_type?: string
  readonly exception_message?: string
  /** Offset in UTF-8 bytes from the start of the statement. */
  readonly position?: string
}

/** DuckDB's message, also if it is inside the JSON of `errors_as_json`. */
export function words(error: unknown): string {
  const parsed = parse(error)
  return parsed.exception_message ?? messageOf(error)
}

/** An error in the user's SQL, with its position. */
export function queryFault(error: unknown, sql: string): Fault {
  const { position } = parse(error)
  return faultAt(error, sql, position === undefined ? undefined : offsetIn(sql, { byte: Number(position) }))
}

/** An error while rows were read. Its position refers to our wrapper around the SQL, so it is dropped. */
export function readFault(error: unknown, sql: string): Fault {
  return Fault.is(error) ? error : faultAt(error, sql)
}

function faultAt(error: unknown, sql: string, offset?: number): Fault {
  const { exception_type: type } = parse(error)
  if (type === 'Out of Memory') {
    return new Fault('config', `The query needs more memory than DuckDB is allowed to use: ${words(error)}`, {
      code: 'query-out-of-memory',
      advice: 'Raise `memoryLimit` of this warehouse, or make the query smaller.',
    })
  }
  if (/attached in read-only mode/.test(words(error))) return queryNotReadOnly(words(error))
  return queryFailed(words(error), sql, offset, adviceFor(type))
}

function adviceFor(type: string | undefined): string | undefined {
  if (type === 'Permission') return 'To allow the queries of this warehouse to read local files, set `files: true`.'
  if (type === 'Missing Extension' || type === 'Extension Autoloading')
    return 'Only the built-in extensions of DuckDB can be used: Tailrace downloads no extensions.'
  return undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function parse(error: unknown): DuckdbError {
  const message = messageOf(error)
  const start = message.indexOf('{"exception_type"')
  if (start < 0) return {}
  try {
    return JSON.parse(message.slice(start)) as DuckdbError
  } catch {
    // Not JSON: use the message itself.
    return {}
  }
}
