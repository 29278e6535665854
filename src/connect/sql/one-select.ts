import { queryFailed, queryNotReadOnly } from '../connector-faults.ts'
import type { Dialect } from './dialect.ts'
import { tokensOf } from './tokens.ts'

/** A query inside the statement that is sent. */
export interface WrappedQuery {
  readonly text: string
  /** Start of the user's SQL in `text`, in UTF-16 units. The SQL keeps its length, and starts on a line of its own. */
  readonly offset: number
}

/** Columns as SQL expressions, already quoted, and what follows the sub-query. */
export interface Around {
  readonly select: string
  readonly suffix?: string
}

/**
 * Wraps the user's SQL as a sub-query. This lets us choose the columns, and makes every warehouse reject anything but
 * one SELECT: a sub-query allows nothing else. Throws a Fault for a text that could leave the sub-query.
 */
export function wrapQuery(sql: string, dialect: Dialect, { select, suffix = '' }: Around): WrappedQuery {
  const prefix = `SELECT ${select} FROM (\n`
  return { text: `${prefix}${oneSelect(sql, dialect)}\n) AS tailrace_query${suffix}`, offset: prefix.length }
}

/**
 * The SQL with its trailing semicolons replaced by spaces. Throws a Fault for a second statement, a statement that does
 * not read, an unmatched parenthesis, an empty text, and for a string, name or comment without an end.
 */
export function oneSelect(sql: string, dialect: Dialect): string {
  let body = sql
  let verb: string | undefined
  let ended = false
  const open: number[] = []
  for (const { kind, start, end, unfinished, run } of tokensOf(sql, dialect)) {
    if (unfinished !== undefined) throw queryFailed(`the ${unfinished} that starts here has no end`, sql, start)
    if (run) throw queryNotReadOnly('it has a comment that the warehouse would run.')
    if (kind === 'blank') continue
    const token = sql.slice(start, end)
    if (token === ';') {
      ended = true
      body = `${body.slice(0, start)} ${body.slice(end)}`
      continue
    }
    if (verb !== undefined && ended) throw queryNotReadOnly('there is a second statement after a semicolon.')
    if (token === '(') open.push(start)
    if (token === ')' && open.pop() === undefined)
      throw queryFailed('syntax error at or near ")": it has no matching "("', sql, start)
    if (verb === undefined && token !== '(') verb = kind === 'word' ? token.toLowerCase() : token
  }
  if (verb === undefined) throw queryFailed('the query is empty.', sql)
  if (otherVerbs.has(verb)) throw queryNotReadOnly(`this query starts with ${verb.toUpperCase()}.`)
  const unmatched = open.at(-1)
  if (unmatched !== undefined) throw queryFailed('syntax error: this "(" has no matching ")"', sql, unmatched)
  return body
}

/**
 * First words of statements that are not queries, so that the error says "only reads are allowed", not "syntax error".
 */
const otherVerbs = new Set(
  (
    'insert update delete merge replace upsert truncate create alter drop undrop rename grant revoke deny copy put get unload ' +
    'do call exec execute begin start commit end rollback savepoint release abort set unset reset use lock unlock ' +
    'vacuum analyze optimize repair cluster reindex refresh cache uncache checkpoint explain prepare deallocate declare ' +
    'fetch move close listen unlisten notify comment security show describe desc discard load import export reassign ' +
    'attach detach install pragma kill system exchange handler flush purge msck'
  ).split(' '),
)
