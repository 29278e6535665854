/** JSON without white space between its parts, digit by digit as it was; a text that stands alone without its quotes. Null: JSON's null. */
export function compactJson(json: string): string | null {
  const compact = /\s/.test(json) ? json.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g, (_, text: string | undefined) => text ?? '') : json
  if (compact === 'null') return null
  return compact.startsWith('"') ? JSON.parse(compact) as string : compact
}

/** An array as compact JSON: from JSON, or from PostgreSQL's `{a,"b c",NULL}`, whose numbers and booleans its native type tells. */
export function compactArray(cell: string, nativeType: string): string | null {
  const literal = cell.replace(/^(?:\[-?\d+:-?\d+\])+=(?=\{)/, '')
  return literal.startsWith('{') ? fromPostgres(literal, elementForm(nativeType)) : compactJson(cell)
}

type ElementForm = (text: string) => string

function elementForm(nativeType: string): ElementForm {
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(nativeType)) return (text) => /^-?\d/.test(text) ? text : JSON.stringify(text)
  if (nativeType.startsWith('boolean')) return (text) => String(text === 't')
  return (text) => JSON.stringify(text)
}

function fromPostgres(literal: string, form: ElementForm): string {
  const tokens = literal.matchAll(/([{},])|"([^"\\]*(?:\\.[^"\\]*)*)"|([^{},"]+)/gs)
  return [...tokens].map(([, sign, quoted, plain = '']) => {
    if (sign !== undefined) return sign === '{' ? '[' : sign === '}' ? ']' : ','
    if (quoted !== undefined) return form(quoted.replace(/\\(.)/gs, '$1'))
    return plain === 'NULL' ? 'null' : form(plain)
  }).join('')
}
