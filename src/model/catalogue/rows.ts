import type { CatalogueArea } from './entry.ts'

const row = { whoFixes: 'you: the query', retried: 'no' } as const
const again = 'Each Run reads the rows again and sends the row once it is correct.'

export const rows: CatalogueArea = {
  title: 'One row: invalid, so it did not become a record',
  entries: [
    {
      ...row,
      code: 'null-identifier',
      title: 'The row has no identifier',
      cause: `The identifier column is null, so Tailrace cannot find a record with it. ${again}`,
      fix: 'Exclude such rows from the query, or fill the column.',
      sql: 'select intercom_id from customers where intercom_id is not null',
    },
    {
      ...row,
      code: 'blank-identifier',
      title: "The row's identifier is blank",
      cause: `The identifier column is empty or contains only spaces. ${again}`,
      fix: 'Exclude such rows from the query, or fill the column.',
      sql: "select intercom_id from customers where trim(intercom_id) <> ''",
    },
    {
      ...row,
      code: 'invalid-identifier',
      title: "The row's identifier is not valid",
      cause: `The value is longer than 500 characters, or contains a NUL character. ${again}`,
      fix: 'Check that identifier.column is the right column, and correct the value.',
      sql: 'select intercom_id from customers where length(intercom_id) <= 500',
    },
    {
      ...row,
      code: 'duplicate-identifier',
      title: 'Several rows have the same identifier',
      cause: `The rows ask for different values. Tailrace does not choose one of them, so none is sent. Equal rows count once. ${again}`,
      fix: 'Make the identifier unique in the query, or set duplicates: first, so that the first row counts. This query shows the duplicates:',
      sql: 'select intercom_id, count(*) from customers group by intercom_id having count(*) > 1',
    },
    {
      ...row,
      code: 'invalid-names',
      title: "The row's tags (or companies) are not a list of names",
      cause: `The column with the names contains a structure, a nested list, bytes, a boolean, a time, a floating-point number, or a control character. The tags or companies that the record already has stay as they are. ${again}`,
      fix: 'Return one name, or a list of texts, from the query. Cast a value to text if its text is the name.',
      sql: 'select customer_id, array[plan, country] as tags from customers',
    },
    {
      ...row,
      code: 'missing-value',
      title: 'The row has no value for a required Field',
      cause: `The Target requires the Field to create a record, and the mapped value is null. ${again}`,
      fix: 'Fill the column, map another column, or exclude such rows from the query.',
      sql: 'select customer_id from customers where name is null',
    },
  ],
}
