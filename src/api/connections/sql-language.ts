import type { Dialect } from '../../connect/sql/dialect.ts'
import type { ReplyOf } from '../endpoint.ts'
import type { listConnectorTypes } from './contract.ts'

type SqlLanguage = NonNullable<ReplyOf<typeof listConnectorTypes>['items'][number]['sql']>

/** The signs of a dialect, as the SQL editor needs them. */
export function sqlLanguageOf({ editor, names, strings, dollarQuotes, comments }: Dialect): SqlLanguage {
  const startsComment = (text: string): boolean => {
    comments.line.lastIndex = 0
    return comments.line.test(text)
  }
  return {
    keywords: editor,
    nameQuotes: names.map(({ open }) => open).join(''),
    doubleQuotedStrings: strings.some(({ open }) => open === '"'),
    backslashEscapes: strings.some(({ prefix, backslash }) => prefix === undefined && backslash),
    dollarQuotedStrings: dollarQuotes !== undefined,
    hashComments: startsComment('# x'),
    slashComments: startsComment('// x'),
    spaceAfterDashes: !startsComment('--x'),
  }
}
