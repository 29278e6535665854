import type { CatalogueArea } from './entry.ts'

const managed = { whoFixes: 'you: the query', retried: 'no' } as const

export const query: CatalogueArea = {
  title: 'The query',
  entries: [
    {
      ...managed, code: 'query-failed', title: 'The warehouse refused the query',
      cause: 'A table or column does not exist, or the SQL is not right. The message has the warehouse\'s own words and the place.',
      fix: 'Correct it, and try it with "tailrace check".',
    },
    {
      ...managed, code: 'query-not-read-only', title: 'The query is not one that only reads',
      cause: 'It would change something in the warehouse, or is more than one statement. Tailrace only ever reads there.',
      fix: 'Use a single SELECT (WITH and VALUES are fine too), and change data elsewhere.',
    },
    {
      ...managed, code: 'column-not-found', title: 'The query does not return the column',
      cause: 'The identifier, or the tags, are to come from a column that the query does not have. Upper and lower case count.',
      fix: 'Name one that it returns, or add the column to the query.',
    },
    {
      ...managed, code: 'column-cannot-identify', title: 'The column cannot name a record',
      cause: 'Its type, such as a date or a fraction, has no one way to be written, so it cannot be compared exactly.',
      fix: 'Use another column, or cast it to text.', sql: 'select cast(customer_no as text) as customer_no from customers',
    },
    {
      ...managed, code: 'duplicate-column', title: 'Two columns have the same name',
      cause: 'The query returns two columns of one name, so it is not clear which is meant.',
      fix: 'Give each a name of its own.', sql: 'select a.id as a_id, b.id as b_id from a join b on b.a_id = a.id',
    },
    {
      ...managed, code: 'query-timeout', title: 'The query took too long',
      cause: 'It ran longer than the warehouse\'s statementTimeout, or somebody ended it in the database.',
      fix: 'Make it faster (an index, fewer rows), or raise statementTimeout.',
    },
    {
      ...managed, code: 'query-out-of-memory', title: 'The query needs too much memory',
      cause: 'DuckDB may not use as much as this query needs.',
      fix: 'Make the query smaller, or raise memoryLimit of the warehouse.',
    },
    {
      ...managed, code: 'ambiguous-file', title: 'A file in the query could be two files',
      cause: 'The query, or a view or macro that it uses, names a file without its folder. It is meant beside tailrace.yaml, but a file of that name is also where you are, and that one would be read; or the name is computed, so nobody can tell.',
      fix: 'Write the full path in the query, or start Tailrace in the folder of tailrace.yaml.',
    },
    {
      ...managed, code: 'column-guessed', title: 'A column of a file is read by a guess',
      cause: 'DuckDB takes the types of a CSV or JSON file from its first lines. A value further down is then changed: 00042, 8.6 and 1_3 become the numbers 42, 9 and 13, and dates change with what else the file holds. Nothing was sent.',
      fix: 'Read the file as text, or say the type of each column, as the message shows. Columns that are text, and columns that the query does not use, need nothing.',
      sql: 'select id from read_csv(\'customers.csv\', all_varchar = true)',
    },
    {
      code: 'query-cancelled', title: 'The query was stopped', whoFixes: 'nobody: it passes', retried: 'no',
      cause: 'The Run was stopped while the warehouse was still answering. Nothing was sent.',
      fix: 'Run it again when you like.',
    },
  ],
}
