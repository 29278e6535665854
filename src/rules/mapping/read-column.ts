import type { Column } from '../../model/row.ts'
import { dayIn, momentIn, readDecimal, type CastKind } from './casts.ts'
import type { Step } from './step.ts'
import { compactJson } from './structures.ts'

export interface ColumnReading {
  readonly kind: CastKind
  readonly steps: readonly Step[]
}

/** The kind of a column's cells, and the steps to an exact text; undefined: bytes, which no Field accepts. */
export function readColumn({ type }: Pick<Column, 'type'>): ColumnReading | undefined {
  switch (type) {
    case 'text':
    case 'uuid':
    case 'time':
    case 'interval':
    case 'other':
      return { kind: 'text', steps: [] }
    case 'integer':
      return { kind: 'integer', steps: [] }
    // Some warehouses have a decimal NaN and Infinity.
    case 'decimal':
      return {
        kind: 'decimal',
        steps: [(cell) => (cell.endsWith('N') || cell.endsWith('y') ? readDecimal(cell) : cell)],
      }
    case 'float':
      return { kind: 'float', steps: [] }
    case 'boolean':
      return { kind: 'boolean', steps: [] }
    case 'date':
      return { kind: 'date', steps: [dayIn] }
    case 'timestamp':
      return { kind: 'timestamp', steps: [momentIn] }
    case 'json':
    case 'array':
      return { kind: 'structure', steps: [compactJson] }
    case 'binary':
      return undefined
  }
}
