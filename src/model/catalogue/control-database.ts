import { nextRun, type CatalogueArea } from './entry.ts'

const passing = { whoFixes: 'nobody: it passes', retried: nextRun } as const
const afterWhile = 'by itself: by a further Run, after a wait that grows from seconds to ten minutes'
const own = { whoFixes: 'you: the control database', retried: 'no' } as const

export const controlDatabase: CatalogueArea = {
  title: 'The control database (DATABASE_URL)',
  entries: [
    {
      ...own, code: 'database-url-invalid', title: 'DATABASE_URL is no PostgreSQL URL',
      cause: 'It does not start with postgres://, or cannot be read.',
      fix: 'Write it as in postgres://user:password@host:5432/database, special characters in a password as %XX.',
    },
    {
      code: 'database-unreachable', title: 'The control database cannot be reached', whoFixes: 'you: the machine or network',
      retried: nextRun, cause: 'Nothing answers at the host and port of DATABASE_URL.',
      fix: 'Check both, and that the server runs.',
    },
    {
      code: 'database-unavailable', title: 'The control database cannot be used now', whoFixes: 'nobody: it passes',
      retried: nextRun, cause: 'It is starting, stopping, has no connection left, or went away in the midst of a Run.',
      fix: 'Wait, then run it again: what was in flight is looked up first. If it stays so, see that the server runs and allows more connections.',
    },
    {
      ...passing, code: 'database-starting', title: 'The control database is starting or stopping',
      cause: 'Its server takes no connections yet, or no more: it was restarted, or recovers after a crash.',
      fix: 'Wait for it. If it stays so, see the log of the server.',
    },
    {
      ...own, retried: afterWhile, code: 'database-disk-full', title: 'The disk of the control database is full',
      cause: 'PostgreSQL could not write (SQLSTATE 53100). The message says where, and how much is free, as far as that can be told.',
      fix: 'Free space there, or enlarge it; "--keep-runs" of the server says how long Runs and their records are kept.',
    },
    {
      ...own, retried: afterWhile, code: 'database-out-of-memory', title: 'The control database has no memory left',
      cause: 'PostgreSQL could not get the memory that it needed (SQLSTATE 53200).', fix: 'Give its server more memory, or lower work_mem and max_connections.',
    },
    {
      ...own, retried: afterWhile, code: 'database-too-many-connections', title: 'The control database takes no more connections',
      cause: 'All connections that it allows are in use (SQLSTATE 53300). A server or worker needs 12 and 4 for each Run at a time.',
      fix: 'Raise max_connections, end what else holds connections, or lower --concurrency.',
      sql: 'select application_name, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc',
    },
    {
      ...own, code: 'database-pooled', title: 'A connection pooler stands before the control database',
      cause: 'Tailrace keeps locks, settings and notifications in sessions. A pooler in transaction or statement mode (PgBouncer and others) gives a session to one connection after the other, so that two Runs of one activation could begin at once.',
      fix: 'Name the PostgreSQL server itself in DATABASE_URL, or let the pooler keep sessions (PgBouncer: pool_mode = session). Warehouses may stay behind it.',
    },
    {
      ...own, code: 'database-encoding', title: 'The control database is not in UTF-8',
      cause: 'Names, e-mail addresses and values from anywhere are written down in it, which an encoding such as LATIN1 or SQL_ASCII cannot hold.',
      fix: 'Create another database and name it in DATABASE_URL.', sql: 'create database tailrace encoding \'UTF8\' template template0',
    },
    {
      ...own, code: 'holder-not-ended', title: 'A silent process holds the activation, and may not be ended',
      cause: 'Its heartbeat is over, so its session in the control database is ended and the activation taken over. The role in DATABASE_URL may not do that, since the session belongs to another role.',
      fix: 'Use one role for all Tailrace processes, or grant the other role to yours. Ending that process frees the activation as well.',
      sql: 'grant other_role to tailrace_role',
    },
    {
      ...own, code: 'database-login-refused', title: 'The control database refused user or password',
      cause: 'They do not belong together, or the user may not come from this machine.', fix: 'Correct them in DATABASE_URL.',
    },
    {
      ...own, code: 'database-unknown', title: 'There is no such control database',
      cause: 'The server was reached, but has no database of that name.', fix: 'Create it, or name another in DATABASE_URL.',
      sql: 'create database tailrace',
    },
    {
      ...own, code: 'database-forbidden', title: 'The user may not make tables',
      cause: 'Tailrace keeps its tables in a schema of its own, and the user may not create it or write to it.',
      fix: 'Let the user create a schema, or create it with that user as its owner.',
      sql: 'create schema tailrace authorization tailrace',
    },
    {
      ...own, code: 'database-tls', title: 'No encrypted connection to the control database',
      cause: 'The certificate is not trusted, a certificate file cannot be read, or the server offers no TLS.',
      fix: 'See sslmode, sslrootcert, sslcert and sslkey in DATABASE_URL.',
    },
    {
      ...own, code: 'database-error', title: 'The control database said no',
      cause: 'It refused for a reason that has no entry of its own; its words are in the message.',
      fix: 'See DATABASE_URL, and the log of the server.',
    },
    {
      ...own, code: 'database-too-old', title: 'The control database is too old',
      cause: 'Its PostgreSQL is older than what Tailrace\'s SQL needs.',
      fix: 'Name a newer server, or unset DATABASE_URL to use the one that Tailrace brings.',
    },
    {
      ...own, code: 'schema-too-new', title: 'A newer Tailrace has used this database',
      cause: 'It changed the tables in a way that this version does not know.',
      fix: 'Install that version or a newer one; tables are not taken back.',
    },
    {
      ...own, code: 'schema-too-old', title: 'Version 1 of Tailrace made this database',
      cause: 'Its tables have other names and columns. They are not converted, and nothing in them was changed.',
      fix: 'Create a new database and name it in DATABASE_URL. The embedded one is in the folder .tailrace beside tailrace.yaml: move that folder away, or name a new one in TAILRACE_HOME. What was delivered stays in the Target; the new database counts it as there before.',
      sql: 'create database tailrace',
    },
  ],
}
