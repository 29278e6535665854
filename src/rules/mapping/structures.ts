import type { ValueTrouble } from './step.ts'

/**
 * JSON without white space between its tokens, with all digits kept. A single string loses its quotes. Null: JSON null.
 */
export function compactJson(json: string): string | null | ValueTrouble {
  // The words that the warehouse contract has for numbers that are none. They are not JSON.
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
