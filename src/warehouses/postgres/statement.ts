import { queryFailed, queryNotReadOnly } from '../../connect/index.ts'

/**
 * Wraps the user's text as a sub-query, to name the columns and to have PostgreSQL itself refuse what is not one SELECT
 * (nothing else is allowed there, and only one statement is allowed in the extended protocol, in which it must be sent).
 * The text keeps its length, so a position minus `offset` is a position in the user's text.
 */
export function wrap(sql: string, list: string, suffix = ''): { readonly text: string; readonly offset: number } {
  const body = withoutSemicolon(sql)
  const prefix = `SELECT ${list} FROM (\n`
  // PostgreSQL counts characters, of which some are two units.
  return { text: `${prefix}${body}\n) AS tailrace_query${suffix}`, offset: [...prefix].length }
}

/**
 * Blanks trailing semicolons, and refuses early, in plain words, what would else fail oddly inside the wrapping: a second
 * statement, a verb that is no reading, a parenthesis too many, nothing at all.
 */
function withoutSemicolon(sql: string): string {
  let body = sql
  let verb: string | undefined
  let ended = false
  let depth = 0
  for (const { index, 0: token } of sql.matchAll(tokens)) {
    if (blank.test(token)) continue
    if (token === ';') {
      ended = true
      body = `${body.slice(0, index)} ${body.slice(index + 1)}`
      continue
    }
    if (verb !== undefined && ended) throw queryNotReadOnly('there is a second one after a semicolon.')
    if (token === '(') depth += 1
    if (token === ')' && --depth < 0) throw queryFailed('syntax error at or near ")": it closes nothing', sql, index)
    if (verb === undefined && token !== '(') verb = token.toLowerCase()
  }
  if (verb === undefined) throw queryFailed('it is empty.', sql)
  if (otherVerbs.has(verb)) throw queryNotReadOnly(`this one starts with ${verb.toUpperCase()}.`)
  return body
}

/** Comments (nested two deep at most; the server decides on the rest), strings, names, words, and any other single sign. */
const tokens = new RegExp([
  String.raw`--[^\n]*`,
  String.raw`/\*(?:[^*/]|\*(?!/)|/(?!\*)|/\*(?:[^*]|\*(?!/))*\*/)*\*/`,
  String.raw`\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'`,
  String.raw`'(?:[^']|'')*'`,
  String.raw`"(?:[^"]|"")*"`,
  String.raw`\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$`,
  String.raw`[\p{L}_][\p{L}\p{N}_$]*`,
  String.raw`\s+`,
  String.raw`[\s\S]`,
].join('|'), 'gu')

const blank = /^(?:\s|--|\/\*)/

/** What a statement may start with that is not a query, so that people read "read-only" rather than "syntax error". */
const otherVerbs = new Set((
  'insert update delete merge truncate create alter drop grant revoke copy do call begin start commit end rollback savepoint release set '
  + 'reset lock vacuum analyze explain prepare execute deallocate declare fetch move close listen unlisten notify refresh reindex cluster '
  + 'comment security show discard load import reassign checkpoint abort'
).split(' '))
