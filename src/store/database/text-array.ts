/**
 * A list of texts as PostgreSQL writes an array (`{"a","b, c"}`), to be cast to `text[]`: whatever the texts hold, they come back as they
 * are. For lists within a column, since `unnest` takes no array of arrays of different lengths.
 */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
