/**
 * A list of texts as a PostgreSQL array literal (`{"a","b, c"}`), to be cast to `text[]`; every text is kept exactly.
 * For lists within a column, because `unnest` accepts no array of arrays of different lengths.
 */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
