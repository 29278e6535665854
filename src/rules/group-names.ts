import type { Column } from '../model/row.ts'
import { readColumn } from './mapping/read-column.ts'
import { chain, type ValueTrouble } from './mapping/step.ts'

/** Groups from a column: the column, and what separates names in one cell (none: a cell is one name, or an array). */
export interface GroupColumn {
  readonly column: string
  readonly delimiter?: string | undefined
}

/** The names in one cell, or why it is not a list of names. */
export type ReadNames = (cell: string | null) => readonly string[] | ValueTrouble

/**
 * Returns the reader of group names in a cell. It reads cells as Fields do, so that both agree. One text or number is
 * one name (several with a delimiter); a list contains texts and numbers. Names are trimmed, not blank, unique
 * (ignoring case, unless `matchCase`) and sorted. Null, also JSON null, means no names; a null in a list is ignored.
 */
export function namesReader(
  { type, nativeType }: Pick<Column, 'type' | 'nativeType'>,
  { delimiter }: GroupColumn,
  matchCase = false,
): ReadNames {
  const reading = readColumn({ type })
  const unfit = reading === undefined ? bytes : unfitTypes[type]
  const read = chain(reading?.steps ?? [])
  const split = (text: string) => (delimiter === undefined ? [text] : text.split(delimiter))
  return (cell) => {
    if (cell === null) return []
    if (unfit !== undefined) return unfit
    const text = read(cell)
    if (text === null) return []
    if (typeof text !== 'string') return text
    const names =
      reading?.kind === 'structure'
        ? namesInJson(text, cell, nativeType, split)
        : isStructure(text)
          ? structure
          : split(text)
    return 'why' in names ? names : each(names, matchCase)
  }
}

/** `text` is compact JSON, except for a single JSON string, which has lost its quotes. */
function namesInJson(
  text: string,
  cell: string,
  nativeType: string,
  split: (text: string) => string[],
): string[] | ValueTrouble {
  if (cell.trim().startsWith('"')) return isStructure(text) ? structure : split(text)
  const parsed = parse(text)
  if (typeof parsed === 'number') return [text]
  if (!Array.isArray(parsed)) return parsed === undefined ? noJson : typeof parsed === 'boolean' ? boolean : structure
  const names: string[] = []
  // The list has no nested lists or objects, so each item is one token, and numbers keep all digits.
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[^,[\]"]+/gs)].map(([token]) => token)
  for (const [index, item] of (parsed as readonly unknown[]).entries()) {
    if (item === null) continue
    if (typeof item === 'object') return structure
    if (typeof item === 'boolean') return boolean
    if (typeof item === 'number' && hasFloats.test(nativeType)) return float
    names.push(typeof item === 'string' ? item : (tokens[index] ?? ''))
  }
  return names
}

/** `double precision[]`, `ARRAY<FLOAT64>`, `Array(Float64)`. */
const hasFloats = /(?:^|[^a-z])(?:real|double|float)/i

function each(parts: readonly string[], matchCase: boolean): readonly string[] | ValueTrouble {
  const byFold = new Map<string, string>()
  for (const part of parts) {
    const name = part.trim()
    if (/\p{Cc}/u.test(name) || !name.isWellFormed()) return control
    const fold = matchCase ? name : name.toLowerCase()
    if (name !== '' && !byFold.has(fold)) byFold.set(fold, name)
  }
  return [...byFold.keys()].sort().map((fold) => byFold.get(fold) ?? fold)
}

/** A text that is a JSON list or object is not a name. */
function isStructure(text: string): boolean {
  return /^\s*[[{]/.test(text) && typeof parse(text) === 'object'
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    // Not JSON: the callers handle it.
    return undefined
  }
}

const cast = 'If its text is the name, cast it to text in the query.'
const structure: ValueTrouble = {
  why: 'is a structure, not a list of names',
  advice: 'Return one name, or a list of texts, from the query.',
}
const noJson: ValueTrouble = { why: 'is not valid JSON', advice: 'Correct it in the query, or return null.' }
const control: ValueTrouble = {
  why: 'contains a name with a control character or an incomplete character',
  advice: 'Remove that character in the query.',
}
const boolean: ValueTrouble = {
  why: 'is a boolean, not a name',
  advice: "Convert it to a name in the query, for example with case when vip then 'VIP' end.",
}
const float: ValueTrouble = {
  why: 'is a floating-point number, which can be written in several ways',
  advice: 'Cast it to a decimal or to text in the query.',
}
const bytes: ValueTrouble = { why: 'contains bytes, not a name', advice: 'Decode it to text in the query.' }
const time: ValueTrouble = { why: 'is a time, not a name', advice: cast }

/** Types whose text is not one definite name. */
const unfitTypes: Partial<Readonly<Record<Column['type'], ValueTrouble>>> = {
  boolean,
  float,
  time,
  timestamp: time,
  interval: time,
  other: { why: 'has a type that cannot be a name', advice: cast },
}
