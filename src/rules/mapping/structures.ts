import type { ValueTrouble } from './step.ts'

/**
 * JSON without white space between its tokens, with all digits kept. A single string loses its quotes. Null: JSON null.
 */
export function compactJson(json: string): string | null | ValueTrouble {
  // DuckDB reads and writes NaN and Infinity, which are not JSON.
  if (/NaN|Infinity/.test(json) && /NaN|Infinity/.test(json.replace(text, ''))) return noNumber
  const compact = /\s/.test(json) ? json.replace(textOrSpace, (_, kept: string | undefined) => kept ?? '') : json
  if (compact === 'null') return null
  if (!compact.startsWith('"')) return compact
  try {
    return JSON.parse(compact) as string
  } catch {
    // For example a control character within quotes, whose meaning is unknown.
    return { why: 'is not valid JSON', advice: 'Correct it in the query, or return null.' }
  }
}

const text = /"[^"\\]*(?:\\.[^"\\]*)*"/gs
const textOrSpace = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/gs
const noNumber: ValueTrouble = {
  why: 'contains NaN or Infinity, which is not valid in JSON',
  advice: 'Return null instead in the query.',
}

/**
 * An array as compact JSON: from JSON, or from PostgreSQL's own `{a,"b c",NULL}`, whose native type says whether it
 * holds numbers or booleans.
 */
export function compactArray(cell: string, nativeType: string): string | null | ValueTrouble {
  const literal = cell.replace(/^(?:\[-?\d+:-?\d+\])+=(?=\{)/, '')
  if (literal.startsWith('{')) return fromPostgres(literal, elementForm(nativeType))
  // PostgreSQL writes NaN and Infinity in quotes.
  return /^(numeric|real|double)/.test(nativeType) && /"(?:NaN|-?Infinity)"/.test(cell) ? noNumber : compactJson(cell)
}

type ElementForm = (text: string) => string

function elementForm(nativeType: string): ElementForm {
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(nativeType))
    return (text) => (/^-?\d/.test(text) ? text : JSON.stringify(text))
  if (nativeType.startsWith('boolean')) return (text) => String(text === 't')
  return (text) => JSON.stringify(text)
}

function fromPostgres(literal: string, form: ElementForm): string {
  const tokens = literal.matchAll(/([{},])|"([^"\\]*(?:\\.[^"\\]*)*)"|([^{},"]+)/gs)
  return [...tokens]
    .map(([, sign, quoted, plain = '']) => {
      if (sign !== undefined) return sign === '{' ? '[' : sign === '}' ? ']' : ','
      if (quoted !== undefined) return form(quoted.replace(/\\(.)/gs, '$1'))
      return plain === 'NULL' ? 'null' : form(plain)
    })
    .join('')
}
