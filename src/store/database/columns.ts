/**
 * A column of many rows for `unnest`. In most pages most columns say the same for all rows: such a one goes once, beside an empty array, which
 * `unnest` fills up with nulls, to be read as `coalesce(o.name, $same)`.
 */
export function columnValues<T>(values: readonly (T | null)[]): [array: readonly (T | null)[], same: T | null] {
  const first = values[0] ?? null
  return values.every((value) => value === first) ? [[], first] : [values, null]
}
