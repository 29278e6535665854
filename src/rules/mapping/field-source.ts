import type { FieldType, FieldValue } from '../../model/field.ts'
import type { MappedField } from '../../model/mapping.ts'
import type { Column, Row } from '../../model/row.ts'
import { cast } from './casts.ts'
import { readColumn, type ColumnReading } from './read-column.ts'
import { chain, type Step, type ValueTrouble } from './step.ts'
import { templateParts } from './template.ts'

/** Where the text of one Field comes from, before any step. */
export interface FieldSource extends ColumnReading {
  /** The columns it needs; empty for a constant. */
  readonly columns: readonly string[]
  /** The type to read it as if the Mapping names none. */
  readonly as?: FieldType
  /** Returns a reader of its text from a Row. `at`: the position of each column in a Row. */
  textIn(at: ReadonlyMap<string, number>): (row: Row) => string | null | ValueTrouble
}

/** Why a Field has no source. */
export interface NoSource {
  readonly code: 'column-not-found' | 'field-type-mismatch' | 'template-unreadable'
  readonly column?: string
  readonly why: string
  readonly advice: string
}

/** `unknown`: the problem to report for a column that the query does not return. */
export function fieldSource(
  { from }: MappedField,
  columns: readonly Column[],
  fieldType: FieldType,
  unknown: (column: string) => NoSource,
): FieldSource | NoSource {
  if ('constant' in from) return constantSource(from.constant, fieldType)
  if ('template' in from) return templateSource(from.template, columns, unknown)
  const column = columns.find(({ name }) => name === from.column)
  if (column === undefined) return unknown(from.column)
  const reading = readColumn(column)
  if (reading === undefined) return bytes(column)
  return {
    ...reading,
    columns: [column.name],
    textIn(places) {
      const at = places.get(column.name) ?? 0
      return (row) => row[at] ?? null
    },
  }
}

/** A text constant is read as the type of its Field, because YAML has no dates. */
function constantSource(constant: FieldValue, fieldType: FieldType): FieldSource {
  const text = constant === null ? null : String(constant)
  const kind =
    typeof constant === 'number'
      ? Number.isInteger(constant)
        ? 'integer'
        : 'decimal'
      : typeof constant === 'boolean'
        ? 'boolean'
        : 'text'
  return { kind, steps: [], columns: [], ...(kind === 'text' && { as: fieldType }), textIn: () => () => text }
}

/** A template is null if all its columns are null; otherwise a null column is an empty text. */
function templateSource(
  template: string,
  columns: readonly Column[],
  unknown: (column: string) => NoSource,
): FieldSource | NoSource {
  const parts = templateParts(template)
  if (parts === undefined) {
    return {
      code: 'template-unreadable',
      why: 'has unbalanced braces',
      advice: 'Write columns in double braces, for example {{ first_name }} {{ last_name }}.',
    }
  }
  const named: { readonly name: string; readonly step: Step }[] = []
  for (const part of parts) {
    if (!('column' in part)) continue
    const column = columns.find(({ name }) => name === part.column)
    if (column === undefined) return unknown(part.column)
    const reading = readColumn(column)
    if (reading === undefined) return bytes(column)
    if (cast(reading.kind, 'text', false) === undefined) {
      return {
        code: 'field-type-mismatch',
        column: column.name,
        why: 'contains floating-point numbers, which can be written in several ways',
        advice: `Cast "${column.name}" to a decimal or to text in the query.`,
      }
    }
    named.push({ name: column.name, step: chain(reading.steps) })
  }
  if (named.length === 0)
    return { code: 'template-unreadable', why: 'names no column', advice: 'Use a constant instead.' }
  return {
    kind: 'text',
    steps: [],
    columns: named.map(({ name }) => name),
    textIn(places) {
      let next = 0
      const pieces = parts.map((part) => {
        if ('text' in part) return part.text
        const step = named[next]?.step ?? chain([])
        next += 1
        return { at: places.get(part.column) ?? 0, step }
      })
      return (row) => fill(pieces, row)
    },
  }
}

function fill(
  pieces: readonly (string | { readonly at: number; readonly step: Step })[],
  row: Row,
): string | null | ValueTrouble {
  let text = ''
  let isNull = true
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const cell = row[piece.at] ?? null
    const value = cell === null ? null : piece.step(cell)
    if (value === null) continue
    if (typeof value !== 'string') return value
    text += value
    isNull = false
  }
  return isNull ? null : text
}

function bytes({ name, nativeType }: Column): NoSource {
  return {
    code: 'field-type-mismatch',
    column: name,
    why: `contains bytes (${nativeType}), which no Field accepts`,
    advice: 'Encode it as hex or base64 in the query.',
  }
}
