import type { ColumnType } from '../../model/row.ts'

/**
 * Finds the type of a column by the warehouse's name of it: `columnTypes({ decimal: ['DECIMAL'] })` knows `DECIMAL(10,2)`.
 * Case does not count, nor what is in parentheses or angle brackets. `INTEGER[]` is an array. Unknown names are `other`.
 */
export function columnTypes(names: Partial<Record<ColumnType, readonly string[]>>): (nativeType: string) => ColumnType {
  const byName = new Map(
    Object.entries(names).flatMap(([type, all]) =>
      all.map((name) => [name.toLowerCase(), type as ColumnType] as const),
    ),
  )
  return (nativeType) =>
    nativeType.endsWith(']')
      ? 'array'
      : (byName.get(
          nativeType
            .replace(/[(<][^]*$/, '')
            .trim()
            .toLowerCase(),
        ) ?? 'other')
}
