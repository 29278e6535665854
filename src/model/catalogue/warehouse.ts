import { nextRun, type CatalogueArea } from './entry.ts'

export const warehouse: CatalogueArea = {
  title: 'The Warehouse',
  entries: [
    {
      code: 'warehouse-unreachable', title: 'The warehouse cannot be reached', whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause: 'Its host name is not known, nothing listens at its port, or a firewall stands between. Nothing was sent.',
      fix: 'Check host and port, that the server runs, and that this machine may reach it.',
    },
    {
      code: 'warehouse-silent', title: 'The warehouse does not answer', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'It was asked what a query returns, or what it holds, and said nothing for a minute: a table of the query is locked, by a rebuild for example, or the network lets nothing through any more.',
      fix: 'See what it is waiting for, and ask again. A Run waits for as long as its timeLimit says.',
      sql: 'select pid, state, wait_event_type, query from pg_stat_activity where wait_event_type = \'Lock\'',
    },
    {
      code: 'warehouse-pooler', title: 'The connection pooler is not set to what Tailrace needs', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'PgBouncer pools single statements, which leaves no transaction to read in; or the url has start-up options, which it does not hand on.',
      fix: 'Use pool_mode session or transaction, and set search_path and the like for the role (alter role) instead of in the url.',
    },
    {
      code: 'timezone-unknown', title: 'The warehouse does not know the time zone', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'Its own list of time zones has none of the name that timezone gives.',
      fix: 'Write another name for the same zone, such as Europe/Berlin.',
    },
    {
      code: 'warehouse-busy', title: 'The warehouse takes no connections now', whoFixes: 'nobody: it passes', retried: nextRun,
      cause: 'It is starting, stopping, or has no connection left. Nothing was sent.',
      fix: 'Wait; if it stays so, allow more connections in the server.',
    },
    {
      code: 'warehouse-interrupted', title: 'The warehouse broke the query off', whoFixes: 'nobody: it passes', retried: nextRun,
      cause: 'The server was restarted, ran out of something, or ended the query for its own reasons. What was read is thrown away, and nothing was sent.',
      fix: 'Run it again; if it comes back, see the log of the server.',
    },
    {
      code: 'warehouse-connection-lost', title: 'The connection to the warehouse broke', whoFixes: 'nobody: it passes',
      retried: nextRun,
      cause: 'It went away in the middle of the answer. What was read is thrown away, and nothing was sent.',
      fix: 'Run it again; if it comes back, look for a proxy or firewall that cuts long connections.',
    },
    {
      code: 'bad-credentials', title: 'The warehouse refused the password', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'User and password do not belong together, or no password was given.',
      fix: 'Correct them, and see that the variable they come from is set where Tailrace runs.',
    },
    {
      code: 'access-denied', title: 'The warehouse does not let this user in', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The password may be right, but the user may not connect to this database from this machine, or not without TLS.',
      fix: 'See pg_hba.conf and the rights on the database; or set ssl: require.',
      sql: 'grant connect on database shop to tailrace',
    },
    {
      code: 'permission-denied', title: 'The user may not read a table', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The warehouse\'s user lacks the right to read something that the query reads.',
      fix: 'Grant it; reading is all that Tailrace needs.',
      sql: 'grant usage on schema public to tailrace; grant select on customers to tailrace',
    },
    {
      code: 'database-not-found', title: 'The warehouse has no such database', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'The server was reached, but has no database of that name.', fix: 'Correct database, or the end of the url.',
    },
    {
      code: 'tls-certificate', title: 'The warehouse\'s certificate is not trusted', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'It was signed by an authority that this machine does not know, is out of date, or was made for another host name.',
      fix: 'Give the authority\'s certificate as sslRootCert, and use the host name it was made for.',
    },
    {
      code: 'tls-not-supported', title: 'The warehouse does not speak TLS', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'An encrypted connection was asked for, and the server offers none.',
      fix: 'Turn TLS on in the server, or set ssl: disable if you trust the network between.',
    },
    {
      code: 'tls-failed', title: 'No encrypted connection to the warehouse', whoFixes: 'you: the machine or network',
      retried: 'no',
      cause: 'TLS was begun and could not be agreed on; often something other than PostgreSQL answers at that port.',
      fix: 'Check the port, and the TLS settings of the server.',
    },
    {
      code: 'warehouse-not-found', title: 'There is no DuckDB file there', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'The warehouse\'s path leads to no file. Tailrace never makes one.',
      fix: 'Correct path; it is relative to tailrace.yaml. Leave it out to query CSV, Parquet and JSON files.',
    },
    {
      code: 'warehouse-not-readable', title: 'The DuckDB file cannot be opened', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'It is not a DuckDB database, is damaged, or is not yours to read.',
      fix: 'Check which file path names, and its rights.',
    },
    {
      code: 'warehouse-version', title: 'The DuckDB file is of another version', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'It was written by a DuckDB that this one cannot read.',
      fix: 'Write it with a DuckDB of this version, or export it to Parquet.',
      sql: 'export database \'shop\' (format parquet)',
    },
    {
      code: 'warehouse-locked', title: 'Another program is writing to the DuckDB file', whoFixes: 'nobody: it passes',
      retried: nextRun,
      cause: 'DuckDB lets one process write, or many read, never both.',
      fix: 'Run it when the writer is done, or let it read a copy of the file.',
    },
  ],
}
