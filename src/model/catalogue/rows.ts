import type { CatalogueArea } from './entry.ts'

const row = { whoFixes: 'you: the query', retried: 'no' } as const
const again = 'Each Run reads the rows afresh: once it is mended, it is sent.'

export const rows: CatalogueArea = {
  title: 'One row: invalid, so it never became a record',
  entries: [
    {
      ...row, code: 'null-identifier', title: 'The row has no identifier',
      cause: `The identifier column is null, so no record can be found by it. ${again}`,
      fix: 'Leave such rows out, or fill the column.', sql: 'select intercom_id from customers where intercom_id is not null',
    },
    {
      ...row, code: 'blank-identifier', title: 'The row\'s identifier is blank',
      cause: `The identifier column is empty or holds only spaces. ${again}`,
      fix: 'Leave such rows out, or fill the column.', sql: 'select intercom_id from customers where trim(intercom_id) <> \'\'',
    },
    {
      ...row, code: 'invalid-identifier', title: 'The row\'s identifier cannot be one',
      cause: `It is longer than 500 characters, or holds a NUL character. ${again}`,
      fix: 'See that identifier.column is the right column, and correct the value.',
      sql: 'select intercom_id from customers where length(intercom_id) <= 500',
    },
    {
      ...row, code: 'duplicate-identifier', title: 'Several rows have the same identifier',
      cause: `They ask for different things. Which of them is meant is not Tailrace's to pick, so none of them is sent. Rows that say the same count once. ${again}`,
      fix: 'Make it unique in the query, or set duplicates: first, so that the first row counts. This shows the ones that are not unique:',
      sql: 'select intercom_id, count(*) from customers group by intercom_id having count(*) > 1',
    },
    {
      ...row, code: 'invalid-names', title: 'The row\'s tags (or companies) are no list of names',
      cause: `The column that names them holds a structure, a nested list, bytes, true or false, a time, a number that is none, or a control character. What the record has already is left as it is. ${again}`,
      fix: 'Hand out one name, or a list of texts, in the query; cast to text what is to be a name.',
      sql: 'select customer_id, array[plan, country] as tags from customers',
    },
    {
      ...row, code: 'missing-value', title: 'The row lacks a value that nothing can be created without',
      cause: `The Target requires the Field, and what is mapped to it is null. ${again}`,
      fix: 'Fill the column, map another, or leave such rows out.', sql: 'select customer_id from customers where name is null',
    },
  ],
}
