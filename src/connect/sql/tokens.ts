import type { Dialect, Quotes } from './dialect.ts'

export interface Token {
  readonly kind: 'blank' | 'string' | 'name' | 'word' | 'sign'
  /** In UTF-16 units from the start of the text. */
  readonly start: number
  readonly end: number
  /** What the text does not end: a string, a quoted name or a comment that starts here. */
  readonly unfinished?: 'string' | 'name' | 'comment'
  /** A comment whose content the warehouse runs. */
  readonly run?: true
}

/**
 * Splits SQL into blanks (white space and comments), strings, quoted names, words and single characters. It follows the
 * dialect's rules for quotes and comments, and knows nothing else of SQL. The tokens cover the whole text.
 */
export function* tokensOf(sql: string, dialect: Dialect): Generator<Token> {
  for (let start = 0; start < sql.length;) {
    const token = tokenAt(sql, start, dialect)
    yield token
    start = token.end
  }
}

const space = /[ \t\n\r\f\v]+/y
// Beyond ASCII every character is a letter here, as it is in PostgreSQL and MySQL. A space such as U+00A0 is no blank.
const word = /[A-Za-z_\u{80}-\u{10ffff}][A-Za-z0-9_$\u{80}-\u{10ffff}]*/uy
const oneCharacter = /[\s\S]/uy
const plainDollars = /\$\$/y
const taggedDollars = /\$(?:[A-Za-z_\u{80}-\u{10ffff}][A-Za-z0-9_\u{80}-\u{10ffff}]*)?\$/uy

function tokenAt(sql: string, start: number, dialect: Dialect): Token {
  const blank = matchAt(space, sql, start) ?? matchAt(dialect.comments.line, sql, start)
  if (blank !== undefined) return { kind: 'blank', start, end: start + blank.length }
  if (sql.startsWith('/*', start)) return blockComment(sql, start, dialect)
  const quoted = quotesAt(sql, start, dialect)
  if (quoted !== undefined) return quotedToken(sql, start, quoted)
  const dollars =
    dialect.dollarQuotes && matchAt(dialect.dollarQuotes === 'plain' ? plainDollars : taggedDollars, sql, start)
  if (dollars !== undefined) {
    const close = sql.indexOf(dollars, start + dollars.length)
    return close < 0
      ? { kind: 'string', start, end: sql.length, unfinished: 'string' }
      : { kind: 'string', start, end: close + dollars.length }
  }
  const letters = matchAt(word, sql, start)
  if (letters !== undefined) return { kind: 'word', start, end: start + letters.length }
  return { kind: 'sign', start, end: start + (matchAt(oneCharacter, sql, start) ?? ' ').length }
}

function matchAt(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0]
}

function blockComment(sql: string, start: number, { comments }: Dialect): Token {
  const run = comments.run !== undefined && matchAt(comments.run, sql, start) !== undefined
  let depth = 1
  let at = start + 2
  while (depth > 0) {
    const close = sql.indexOf('*/', at)
    const open = comments.nested ? sql.indexOf('/*', at) : -1
    if (close < 0) return { kind: 'blank', start, end: sql.length, unfinished: 'comment', ...(run && { run }) }
    if (open >= 0 && open < close) {
      depth += 1
      at = open + 2
    } else {
      depth -= 1
      at = close + 2
    }
  }
  return { kind: 'blank', start, end: at, ...(run && { run }) }
}

interface QuotesHere {
  readonly kind: 'string' | 'name'
  readonly quotes: Quotes
  /** Start of the quoted text, after prefix and quote. */
  readonly inner: number
}

/** The quotes that open here: the longest that fits, because `'''` also starts with `'`. */
function quotesAt(sql: string, start: number, { strings, names }: Dialect): QuotesHere | undefined {
  const all = [
    ...strings.map((quotes) => ({ kind: 'string' as const, quotes })),
    ...names.map((quotes) => ({ kind: 'name' as const, quotes })),
  ]
  return all
    .map((each) => ({ ...each, inner: start + (each.quotes.prefix ?? '').length + each.quotes.open.length }))
    .filter(({ quotes: { prefix = '', open } }) => {
      const before = sql.slice(start, start + prefix.length)
      return before.toLowerCase() === prefix && sql.startsWith(open, start + prefix.length)
    })
    .toSorted((a, b) => b.inner - a.inner)[0]
}

function quotedToken(sql: string, start: number, { kind, quotes, inner }: QuotesHere): Token {
  let end = closeOf(sql, inner, quotes)
  for (;;) {
    if (end === undefined) return { kind, start, end: sql.length, unfinished: kind }
    const next = quotes.continues && matchAt(continuation, sql, end)
    if (next === undefined) return { kind, start, end }
    end = closeOf(sql, end + next.length, quotes)
  }
}

/** White space with a line break, with comments after it, then a quote. */
const continuation = /[ \t\f\v]*[\n\r](?:\s|--[^\n\r]*[\n\r])*'/y

/** Offset after the closing quote. */
function closeOf(sql: string, inner: number, { close, doubled, backslash }: Quotes): number | undefined {
  for (let at = inner; at < sql.length;) {
    if (backslash && sql[at] === '\\') at += 2
    else if (doubled && sql.startsWith(close + close, at)) at += 2 * close.length
    else if (sql.startsWith(close, at)) return at + close.length
    else at += 1
  }
  return undefined
}
