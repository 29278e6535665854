import type { CatalogueArea } from './entry.ts'

const row = { whoFixes: 'you: the query', retried: 'no' } as const
const again = 'Each Run reads the rows afresh: once it is mended, it is sent.'

export const rows: CatalogueArea = {
  title: 'One row: refused before it became a record',
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
      cause: `Which of them is meant is not Tailrace's to pick, so none of them is sent. ${again}`,
      fix: 'Make it unique in the query; this shows the ones that are not:',
      sql: 'select intercom_id, count(*) from customers group by intercom_id having count(*) > 1',
    },
    {
      ...row, code: 'missing-value', title: 'The row lacks a value that nothing can be created without',
      cause: `The Target requires the Field, and what is mapped to it is null. ${again}`,
      fix: 'Fill the column, map another, or leave such rows out.', sql: 'select customer_id from customers where name is null',
    },
  ],
}
