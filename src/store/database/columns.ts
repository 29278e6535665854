/**
 * One column of many rows, for `unnest`. In most pages most columns have the same value in all rows. Such a column is
 * sent as one value with an empty array, which `unnest` fills with nulls: read it as `coalesce(o.name, $same)`.
 */
export function columnValues<T>(values: readonly (T | null)[]): [array: readonly (T | null)[], same: T | null] {
  const first = values[0] ?? null
  return values.every((value) => value === first) ? [[], first] : [values, null]
}
