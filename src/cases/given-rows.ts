import { z } from 'zod'
import { columnNotFound, defineWarehouse, standardDialect, type Column, type Warehouse } from '../connect/index.ts'
import type { Cell, Row } from '../model/row.ts'
import type { Activation } from '../engine/activation.ts'
import { columnsNamed } from '../rules/mapping/columns-named.ts'
import type { GivenRow } from './case-schema.ts'
import type { Case } from './read-cases.ts'

/**
 * A Warehouse that returns these rows for every query. Columns are text unless they have a given type. Columns that
 * contain a list are JSON arrays.
 */
export function givenRows(rows: readonly GivenRow[], activation: Activation, types: Case['columns']): Warehouse {
  const columns = columnsOf(rows, activation, types)
  return defineWarehouse({
    contract: 2,
    id: 'given',
    name: 'Given rows',
    config: z.unknown(),
    sql: standardDialect,
    open: () =>
      Promise.resolve({
        check: () => Promise.resolve({ product: 'given rows', version: '', rights: [], notices: [] }),
        schema: () => Promise.resolve({ tables: [], truncated: false }),
        columns: () => Promise.resolve(columns),
        async *read(_sql, { columns: wanted, pageSize }) {
          for (const name of wanted)
            if (!columns.some((column) => column.name === name))
              throw columnNotFound(
                name,
                columns.map((column) => column.name),
              )
          for (let at = 0; at < rows.length; at += pageSize) {
            yield await Promise.resolve(
              rows.slice(at, at + pageSize).map((row): Row => wanted.map((name) => cellOf(row[name]))),
            )
          }
        },
        close: () => Promise.resolve(),
      }),
  })
}

function columnsOf(rows: readonly GivenRow[], activation: Activation, types: Case['columns']): readonly Column[] {
  // Without rows, the columns are those that the Activation reads. A mapped column that no row has is null.
  const given = rows.length > 0 ? rows.flatMap((row) => Object.keys(row)) : addressColumns(activation)
  const names = new Set([
    ...Object.keys(types),
    ...given,
    ...(activation.mapping?.fields ?? []).flatMap(({ from }) => columnsNamed(from)),
  ])
  return [...names].map((name): Column =>
    rows.some((row) => Array.isArray(row[name]))
      ? { name, type: 'array', nativeType: 'list' }
      : { name, type: types[name] ?? 'text', nativeType: types[name] ?? 'text' },
  )
}

function addressColumns({ identifier, fallbacks = [], settings }: Activation): readonly string[] {
  const values: readonly unknown[] = typeof settings === 'object' && settings !== null ? Object.values(settings) : []
  return [
    ...[identifier, ...fallbacks].map(({ column }) => column),
    ...values.flatMap((value) => (isMapped(value) ? value.column : [])),
  ]
}

/** A setting with values from the query, such as `tags: { column: segment }`. */
function isMapped(value: unknown): value is { readonly column: string } {
  return typeof value === 'object' && value !== null && 'column' in value && typeof value.column === 'string'
}

function cellOf(value: GivenRow[string] | undefined): Cell {
  return Array.isArray(value) ? JSON.stringify(value) : (value ?? null)
}
