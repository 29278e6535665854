import type { CatalogueArea } from './entry.ts'

const managed = { whoFixes: 'you: the query', retried: 'no' } as const

export const query: CatalogueArea = {
  title: 'The query',
  entries: [
    {
      ...managed,
      code: 'query-failed',
      title: 'The warehouse rejected the query',
      cause:
        'A table or column does not exist, or the SQL is not valid. The message contains the text of the warehouse and the position.',
      fix: 'Correct the query, and test it with "tailrace check".',
    },
    {
      ...managed,
      code: 'query-not-read-only',
      title: 'The query is not read-only',
      cause:
        'The query would change data in the warehouse, or contains more than one statement. Tailrace only reads from a warehouse.',
      fix: 'Use a single SELECT (WITH and VALUES are allowed). Change data outside Tailrace.',
    },
    {
      ...managed,
      code: 'column-not-found',
      title: 'The query does not return the column',
      cause:
        'The activation takes the identifier or the tags from a column that the query does not return. Column names are case-sensitive.',
      fix: 'Name a column that the query returns, or add the column to the query.',
    },
    {
      ...managed,
      code: 'column-cannot-identify',
      title: 'The column cannot identify a record',
      cause:
        'A value of its type, such as a date or a fraction, can be written in several ways, so it cannot be compared exactly.',
      fix: 'Use another column, or cast it to text.',
      sql: 'select cast(customer_no as text) as customer_no from customers',
    },
    {
      ...managed,
      code: 'duplicate-column',
      title: 'Two columns have the same name',
      cause: 'The query returns two columns with the same name, so a reference to that name is ambiguous.',
      fix: 'Give each column its own name.',
      sql: 'select a.id as a_id, b.id as b_id from a join b on b.a_id = a.id',
    },
    {
      ...managed,
      code: 'query-timeout',
      title: 'The query took too long',
      cause:
        "The query ran longer than the warehouse's statementTimeout, or another user cancelled it in the database.",
      fix: 'Make the query faster (an index, fewer rows), or raise statementTimeout.',
    },
    {
      ...managed,
      code: 'query-out-of-memory',
      title: 'The query needs too much memory',
      cause: 'The query needs more memory than DuckDB is allowed to use.',
      fix: 'Make the query smaller, or raise memoryLimit of the warehouse.',
    },
    {
      ...managed,
      code: 'ambiguous-file',
      title: 'A file name in the query is ambiguous',
      cause:
        'The query, or a view or macro that it uses, names a file without its folder. The name refers to the folder of tailrace.yaml, but the current folder has a file with the same name, and DuckDB would read that one. Or the name is computed, so Tailrace cannot tell which file it is.',
      fix: 'Write the full path in the query, or start Tailrace in the folder of tailrace.yaml.',
    },
    {
      ...managed,
      code: 'column-guessed',
      title: 'DuckDB would guess the type of a column',
      cause:
        'DuckDB guesses the column types of a CSV or JSON file from its first lines, and can change a value further down: 00042, 8.6 and 1_3 become the numbers 42, 9 and 13, and how a date is read depends on the other values in the file. Nothing was sent.',
      fix: 'Read the file as text, or state the type of each column, as the message shows. Columns that are text, and columns that the query does not use, need no change.',
      sql: "select id from read_csv('customers.csv', all_varchar = true)",
    },
    {
      code: 'query-cancelled',
      title: 'The query was cancelled',
      whoFixes: 'no one: it is temporary',
      retried: 'no',
      cause: 'The Run was cancelled while the query was still running. Nothing was sent.',
      fix: 'Run it again at any time.',
    },
  ],
}
