import { nextRun, type CatalogueArea } from './entry.ts'

export const warehouse: CatalogueArea = {
  title: 'The Warehouse',
  entries: [
    {
      code: 'warehouse-unreachable', title: 'The warehouse cannot be reached', whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause: 'The host name is unknown, no server listens on the port, or a firewall blocks the connection. Nothing was sent.',
      fix: 'Check the host and the port, that the server is running, and that this machine has access to it.',
    },
    {
      code: 'warehouse-silent', title: 'The warehouse does not answer', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The warehouse gave no answer for a minute to a request for the columns or rows of a query, or for the list of tables. A table of the query is locked, for example by a rebuild, or the network no longer passes data.',
      fix: 'Check what the warehouse is waiting for, and try again. A Run waits as long as its timeLimit allows.',
      sql: 'select pid, state, wait_event_type, query from pg_stat_activity where wait_event_type = \'Lock\'',
    },
    {
      code: 'warehouse-pooler', title: 'The connection pooler has an unsupported setting', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'PgBouncer pools single statements, so Tailrace cannot read in a transaction. Or the url has start-up options, which PgBouncer does not pass on.',
      fix: 'Use pool_mode session or transaction, and set options such as search_path for the role (alter role) instead of in the url.',
    },
    {
      code: 'timezone-unknown', title: 'The warehouse does not know the time zone', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'The time zone list of the warehouse does not contain the name in timezone.',
      fix: 'Write another name for the same zone, such as Europe/Berlin.',
    },
    {
      code: 'warehouse-busy', title: 'The warehouse accepts no connections', whoFixes: 'no one: it is temporary', retried: nextRun,
      cause: 'The server is starting or stopping, or has no free connection. Nothing was sent.',
      fix: 'Wait. If the error persists, allow more connections on the server.',
    },
    {
      code: 'warehouse-interrupted', title: 'The warehouse ended the query', whoFixes: 'no one: it is temporary', retried: nextRun,
      cause: 'The server was restarted, ran out of a resource, or ended the query for another reason. Tailrace discarded the rows that it had read. Nothing was sent.',
      fix: 'Run it again. If it happens again, see the log of the server.',
    },
    {
      code: 'warehouse-connection-lost', title: 'The connection to the warehouse broke', whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause: 'The connection was closed while Tailrace read the result. Tailrace discarded the rows that it had read. Nothing was sent.',
      fix: 'Run it again. If it happens again, check whether a proxy or firewall closes long connections.',
    },
    {
      code: 'bad-credentials', title: 'The warehouse rejected the password', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'The user or the password is wrong, or no password was given.',
      fix: 'Correct them, and check that their variables are set where Tailrace runs.',
    },
    {
      code: 'access-denied', title: 'The warehouse denies access to this user', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The user has no permission to connect to this database from this machine, or no permission to connect without TLS.',
      fix: 'Check pg_hba.conf and the rights on the database, or set ssl: require.',
      sql: 'grant connect on database shop to tailrace',
    },
    {
      code: 'permission-denied', title: 'The user has no permission to read a table', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The warehouse user lacks the permission to read a table or schema that the query reads.',
      fix: 'Grant the permission. Tailrace needs read permission only.',
      sql: 'grant usage on schema public to tailrace; grant select on customers to tailrace',
    },
    {
      code: 'database-not-found', title: 'Database not found in the warehouse', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'The server answers, but has no database with this name.', fix: 'Correct database, or the end of the url.',
    },
    {
      code: 'tls-certificate', title: 'The warehouse\'s certificate is not trusted', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'The certificate has an issuer that this machine does not know, has expired, or is for another host name.',
      fix: 'Set sslRootCert to the certificate of the issuer, and use the host name in the certificate.',
    },
    {
      code: 'tls-not-supported', title: 'The warehouse does not support TLS', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The config requires an encrypted connection, and the server does not offer TLS.',
      fix: 'Enable TLS on the server, or set ssl: disable if you trust the network.',
    },
    {
      code: 'tls-failed', title: 'No encrypted connection to the warehouse', whoFixes: 'you: the machine or network',
      retried: 'no',
      cause: 'The TLS handshake failed. Often a server other than PostgreSQL answers on that port.',
      fix: 'Check the port, and the TLS settings of the server.',
    },
    {
      code: 'warehouse-not-found', title: 'DuckDB file not found', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'There is no file at the path of the warehouse. Tailrace never creates one.',
      fix: 'Correct path, which is relative to tailrace.yaml. Remove path to query CSV, Parquet and JSON files.',
    },
    {
      code: 'warehouse-not-readable', title: 'The DuckDB file cannot be opened', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'The file is not a DuckDB database, is damaged, or you have no permission to read it.',
      fix: 'Check path, and the permissions of the file.',
    },
    {
      code: 'warehouse-version', title: 'The DuckDB file has another version', whoFixes: 'you: the warehouse', retried: 'no',
      cause: 'A DuckDB version wrote the file in a format that the DuckDB version in Tailrace cannot read.',
      fix: 'Write the file with the DuckDB version of Tailrace, or export it to Parquet.',
      sql: 'export database \'shop\' (format parquet)',
    },
    {
      code: 'warehouse-locked', title: 'Another program is writing to the DuckDB file', whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause: 'DuckDB allows one process that writes, or many processes that read, but not both.',
      fix: 'Run it when the other program is done, or use a copy of the file.',
    },
  ],
}
