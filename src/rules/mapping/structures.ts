import type { ValueTrouble } from './step.ts'

/** JSON without white space between its parts, digit by digit as it was; a text that stands alone without its quotes. Null: JSON's null. */
export function compactJson(json: string): string | null | ValueTrouble {
  // DuckDB takes and writes NaN and Infinity, which no JSON has.
  if (/NaN|Infinity/.test(json) && /NaN|Infinity/.test(json.replace(text, ''))) return noNumber
  const compact = /\s/.test(json) ? json.replace(textOrSpace, (_, kept: string | undefined) => kept ?? '') : json
  if (compact === 'null') return null
  if (!compact.startsWith('"')) return compact
  try {
    return JSON.parse(compact) as string
  } catch {
    // A control character within quotes, for one: what it was to mean nobody can tell.
    return { why: 'is no valid JSON', advice: 'Correct it, or make it null, in the query.' }
  }
}

const text = /"[^"\\]*(?:\\.[^"\\]*)*"/gs
const textOrSpace = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/gs
const noNumber: ValueTrouble = { why: 'holds NaN or Infinity, which is not a number', advice: 'Make it null in the query.' }

/** An array as compact JSON: from JSON, or from PostgreSQL's own `{a,"b c",NULL}`, whose numbers and booleans its native type tells. */
export function compactArray(cell: string, nativeType: string): string | null | ValueTrouble {
  const literal = cell.replace(/^(?:\[-?\d+:-?\d+\])+=(?=\{)/, '')
  if (literal.startsWith('{')) return fromPostgres(literal, elementForm(nativeType))
  // PostgreSQL puts what is not a number in quotes.
  return /^(numeric|real|double)/.test(nativeType) && /"(?:NaN|-?Infinity)"/.test(cell) ? noNumber : compactJson(cell)
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
