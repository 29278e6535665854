/** How one warehouse writes SQL: data for the toolkit of this folder, for the editor in the UI, and for the kit. */
export interface Dialect {
  /** The keywords and types that the SQL editor in the UI knows. It derives quotes and comments from the rest. */
  readonly editor: EditorLanguage
  /**
   * How the warehouse says where a statement is wrong: an offset, a line (with or without a column), or nothing.
   */
  readonly positions: 'offset' | 'line' | 'none'
  /** How names are quoted. The first form is the one that `quoteName` writes. Of all forms the longest `open` wins. */
  readonly names: readonly [Quotes, ...Quotes[]]
  /** How texts are quoted. The first form is the one that `quoteText` writes. */
  readonly strings: readonly [Quotes, ...Quotes[]]
  /** `tagged`: `$a$…$a$` and `$$…$$` (PostgreSQL). `plain`: only `$$…$$` (Snowflake). */
  readonly dollarQuotes?: 'tagged' | 'plain'
  readonly comments: {
    /** A comment up to the end of the line, as a sticky pattern. */
    readonly line: RegExp
    /** Whether block comments nest. */
    readonly nested: boolean
    /** The start of block comments whose content the warehouse runs (MySQL), as a sticky pattern. They are rejected. */
    readonly run?: RegExp
  }
}

export type EditorLanguage = 'postgresql' | 'mysql' | 'standard'

/** Quotes around a text or a name, and how the closing quote is written inside of it. */
export interface Quotes {
  readonly open: string
  /** A letter before the quote, in any case, such as `e` in `e'\n'`. */
  readonly prefix?: string
  readonly close: string
  /** `''` inside stands for `'`. */
  readonly doubled: boolean
  /** A backslash takes the next character with it. */
  readonly backslash: boolean
  /** SQL joins `'a'`, a line break and `'b'` to one text that follows the rules of its first part. */
  readonly continues?: true
}

/** Quotes whose inner quote is doubled, as the SQL standard has it. */
export function doubled(quote: string): Quotes {
  return { open: quote, close: quote, doubled: true, backslash: false }
}

/** Quotes whose inner quote and backslash follow a backslash. */
export function escaped(quote: string): Quotes {
  return { open: quote, close: quote, doubled: false, backslash: true }
}

/** SQL as the standard has it. Backslashes have no meaning in it. */
export const standardDialect: Dialect = {
  editor: 'standard',
  positions: 'none',
  names: [doubled('"')],
  strings: [doubled("'")],
  comments: { line: /--[^\n\r]*/y, nested: false },
}

/** A name in quotes, for any name. */
export function quoteName(name: string, { names: [quotes] }: Dialect): string {
  return inQuotes(name, quotes)
}

/** A text in quotes, for any text. */
export function quoteText(text: string, { strings: [quotes] }: Dialect): string {
  return inQuotes(text, quotes)
}

function inQuotes(text: string, { open, close, doubled, backslash }: Quotes): string {
  const inner = backslash ? text.replaceAll('\\', '\\\\') : text
  return `${open}${inner.replaceAll(close, doubled ? close + close : `\\${close}`)}${close}`
}
