import { queryFailed, queryNotReadOnly } from '../../connect/index.ts'

/**
 * Wraps the user's SQL as a sub-query. This lets us choose the columns, and makes PostgreSQL reject anything but one
 * SELECT: a sub-query allows nothing else, and the extended protocol allows one statement only, so it must be used.
 * The text keeps its length, so a position minus `offset` is a position in the user's SQL.
 */
export function wrap(sql: string, list: string, suffix = ''): { readonly text: string; readonly offset: number } {
  const body = withoutSemicolon(sql)
  const prefix = `SELECT ${list} FROM (\n`
  // PostgreSQL counts characters; some characters are two UTF-16 units.
  return { text: `${prefix}${body}\n) AS tailrace_query${suffix}`, offset: [...prefix].length }
}

/**
 * Replaces trailing semicolons by spaces. Also rejects early what would give a confusing error inside the wrapper: a
 * second statement, a statement that does not read, an unmatched parenthesis, an empty text.
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
    if (verb !== undefined && ended) throw queryNotReadOnly('there is a second statement after a semicolon.')
    if (token === '(') depth += 1
    if (token === ')' && --depth < 0)
      throw queryFailed('syntax error at or near ")": it has no matching "("', sql, index)
    if (verb === undefined && token !== '(') verb = token.toLowerCase()
  }
  if (verb === undefined) throw queryFailed('the query is empty.', sql)
  if (otherVerbs.has(verb)) throw queryNotReadOnly(`this query starts with ${verb.toUpperCase()}.`)
  return body
}

/**
 * Comments (nested at most two levels; the server checks the rest), strings, names, words, and any other single
 * character.
 */
const tokens = new RegExp(
  [
    String.raw`--[^\n]*`,
    String.raw`/\*(?:[^*/]|\*(?!/)|/(?!\*)|/\*(?:[^*]|\*(?!/))*\*/)*\*/`,
    String.raw`\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'`,
    String.raw`'(?:[^']|'')*'`,
    String.raw`"(?:[^"]|"")*"`,
    String.raw`\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$`,
    String.raw`[\p{L}_][\p{L}\p{N}_$]*`,
    String.raw`\s+`,
    String.raw`[\s\S]`,
  ].join('|'),
  'gu',
)

const blank = /^(?:\s|--|\/\*)/

/**
 * First words of statements that are not queries, so that the error says "only reads are allowed", not "syntax error".
 */
const otherVerbs = new Set(
  (
    'insert update delete merge truncate create alter drop grant revoke copy do call begin start commit end rollback savepoint release set ' +
    'reset lock vacuum analyze explain prepare execute deallocate declare fetch move close listen unlisten notify refresh reindex cluster ' +
    'comment security show discard load import reassign checkpoint abort'
  ).split(' '),
)
