import { Fault, queryFailed, queryNotReadOnly } from '../../connect/index.ts'

interface DuckdbError {
  readonly exception_type?: string
  readonly exception_message?: string
  /** Bytes of UTF-8 from the start of the statement. */
  readonly position?: string
}

/** DuckDB's words: its own sentence, also out of the JSON that `errors_as_json` makes of it. */
export function words(error: unknown): string {
  const parsed = parse(error)
  return parsed.exception_message ?? messageOf(error)
}

/** What went wrong with the user's own text, with the place in it. */
export function queryFault(error: unknown, sql: string): Fault {
  const { position } = parse(error)
  return faultAt(error, sql, position === undefined ? undefined : Buffer.from(sql).subarray(0, Number(position)).toString().length)
}

/** What went wrong while rows were read. DuckDB then tells places in our wrapping, which are of no use to anybody. */
export function readFault(error: unknown, sql: string): Fault {
  return Fault.is(error) ? error : faultAt(error, sql)
}

function faultAt(error: unknown, sql: string, offset?: number): Fault {
  const { exception_type: type } = parse(error)
  if (type === 'Out of Memory') {
    return new Fault('config', `The query needs more memory than DuckDB may use: ${words(error)}`, {
      code: 'query-out-of-memory',
      advice: 'Raise `memoryLimit` of this warehouse, or make the query smaller.',
    })
  }
  if (/attached in read-only mode/.test(words(error))) return queryNotReadOnly(words(error))
  return queryFailed(words(error), sql, offset, adviceFor(type))
}

function adviceFor(type: string | undefined): string | undefined {
  if (type === 'Permission') return 'Set `files: true` on this warehouse if its queries may read local files.'
  if (type === 'Missing Extension' || type === 'Extension Autoloading') return 'Only what is built into DuckDB can be used: nothing is downloaded.'
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
    // Not JSON after all: the message itself is what there is to say.
    return {}
  }
}
