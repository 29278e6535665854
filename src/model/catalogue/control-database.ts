import { nextRun, type CatalogueArea } from './entry.ts'

const passing = { whoFixes: 'no one: it is temporary', retried: nextRun } as const
const afterWhile = 'by itself: in another Run, after a wait that grows from seconds to ten minutes'
const own = { whoFixes: 'you: the control database', retried: 'no' } as const

export const controlDatabase: CatalogueArea = {
  title: 'The control database (DATABASE_URL)',
  entries: [
    {
      ...own,
      code: 'database-url-invalid',
      title: 'DATABASE_URL is not a PostgreSQL URL',
      cause: 'DATABASE_URL does not start with postgres://, or is not a URL.',
      fix: 'Write it like postgres://user:password@host:5432/database. Write special characters in a password as %XX.',
    },
    {
      code: 'database-unreachable',
      title: 'The control database cannot be reached',
      whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause: 'No server answers at the host and port of DATABASE_URL.',
      fix: 'Check the host and the port, and that the server is running.',
    },
    {
      code: 'database-unavailable',
      title: 'The control database is unavailable',
      whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause: 'The server is starting or stopping, has no free connection, or closed the connection during a Run.',
      fix: 'Wait, then run it again: the next Run reads the records that were in flight first. If the error persists, check that the server is running and allows enough connections.',
    },
    {
      ...passing,
      code: 'database-starting',
      title: 'The control database is starting or stopping',
      cause: 'The server accepts no connections because it is restarting, stopping or recovering after a crash.',
      fix: 'Wait until it accepts connections. If the error persists, see the log of the server.',
    },
    {
      ...own,
      retried: afterWhile,
      code: 'database-disk-full',
      title: 'The disk of the control database is full',
      cause:
        'PostgreSQL could not write (SQLSTATE 53100). The message names the disk and its free space where Tailrace can determine them.',
      fix: 'Free space on the disk, or enlarge it. The server option "--keep-runs" sets how long Runs and their records are kept.',
    },
    {
      ...own,
      retried: afterWhile,
      code: 'database-out-of-memory',
      title: 'The control database is out of memory',
      cause: 'PostgreSQL could not allocate memory (SQLSTATE 53200).',
      fix: 'Give the database server more memory, or lower work_mem and max_connections.',
    },
    {
      ...own,
      retried: afterWhile,
      code: 'database-too-many-connections',
      title: 'The control database has no free connections',
      cause:
        'All connections that the server allows are in use (SQLSTATE 53300). A server or worker needs 12 connections, and 4 more for each concurrent Run.',
      fix: 'Raise max_connections, close other connections, or lower --concurrency.',
      sql: 'select application_name, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc',
    },
    {
      ...own,
      code: 'database-pooled',
      title: 'A connection pooler is in front of the control database',
      cause:
        'Tailrace keeps locks, settings and notifications in sessions. A pooler in transaction or statement mode (PgBouncer and others) moves a session between connections, so two Runs of one activation could start at the same time.',
      fix: 'Name the PostgreSQL server itself in DATABASE_URL, or configure the pooler to keep sessions (PgBouncer: pool_mode = session). Warehouses can stay behind the pooler.',
    },
    {
      ...own,
      code: 'database-encoding',
      title: 'The control database does not use UTF-8',
      cause:
        'The control database stores names, e-mail addresses and values in all languages. An encoding such as LATIN1 or SQL_ASCII cannot store all of them.',
      fix: 'Create another database and name it in DATABASE_URL.',
      sql: "create database tailrace encoding 'UTF8' template template0",
    },
    {
      ...own,
      code: 'holder-not-ended',
      title: 'The session of a silent process cannot be ended',
      cause:
        'A process holds the activation, but its heartbeat has stopped. To take the activation over, Tailrace ends the session of that process in the control database. The role in DATABASE_URL has no permission to end it, because the session belongs to another role.',
      fix: 'Use one role for all Tailrace processes, or grant the other role to your role. Or end that process: then the activation is free as well.',
      sql: 'grant other_role to tailrace_role',
    },
    {
      ...own,
      code: 'database-login-refused',
      title: 'The control database rejected the user or password',
      cause: 'The user or the password is wrong, or the user cannot connect from this machine.',
      fix: 'Correct the user and the password in DATABASE_URL.',
    },
    {
      ...own,
      code: 'database-unknown',
      title: 'Control database not found',
      cause: 'The server answers, but has no database with this name.',
      fix: 'Create the database, or name another one in DATABASE_URL.',
      sql: 'create database tailrace',
    },
    {
      ...own,
      code: 'database-forbidden',
      title: 'The user cannot create tables',
      cause:
        'Tailrace keeps its tables in its own schema. The user has no permission to create that schema or to write to it.',
      fix: 'Allow the user to create a schema, or create the schema with that user as its owner.',
      sql: 'create schema tailrace authorization tailrace',
    },
    {
      ...own,
      code: 'database-tls',
      title: 'No encrypted connection to the control database',
      cause: 'The certificate is not trusted, a certificate file cannot be read, or the server does not offer TLS.',
      fix: 'Check sslmode, sslrootcert, sslcert and sslkey in DATABASE_URL.',
    },
    {
      ...own,
      code: 'database-error',
      title: 'The control database returned an error',
      cause: 'The error has no entry of its own. The message contains the text of the database.',
      fix: 'Check DATABASE_URL, and see the log of the server.',
    },
    {
      ...own,
      code: 'database-too-old',
      title: 'The PostgreSQL version of the control database is too old',
      cause: 'Tailrace uses SQL that this PostgreSQL version does not support.',
      fix: 'Name a newer server, or unset DATABASE_URL to use the embedded PostgreSQL.',
    },
    {
      ...own,
      code: 'schema-too-new',
      title: 'A newer version of Tailrace has used this database',
      cause: 'The newer version changed the tables in a way that this version does not support.',
      fix: 'Install that version or a newer one. Migrations of the tables cannot be reverted.',
    },
    {
      ...own,
      code: 'schema-too-old',
      title: 'Version 1 of Tailrace created this database',
      cause: 'The tables have other names and columns. They are not converted, and nothing in them was changed.',
      fix: 'Create a new database and name it in DATABASE_URL. The embedded database is in the folder .tailrace next to tailrace.yaml: move that folder away, or name a new folder in TAILRACE_HOME. The delivered data stays in the Target. In the new database it counts as data that was there before.',
      sql: 'create database tailrace',
    },
  ],
}
