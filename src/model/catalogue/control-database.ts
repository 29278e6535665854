import { nextRun, type CatalogueArea } from './entry.ts'

const ours = { whoFixes: 'you: the control database', retried: 'no' } as const

export const controlDatabase: CatalogueArea = {
  title: 'The control database (DATABASE_URL)',
  entries: [
    {
      ...ours, code: 'database-url-invalid', title: 'DATABASE_URL is no PostgreSQL URL',
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
      ...ours, code: 'database-login-refused', title: 'The control database refused user or password',
      cause: 'They do not belong together, or the user may not come from this machine.', fix: 'Correct them in DATABASE_URL.',
    },
    {
      ...ours, code: 'database-unknown', title: 'There is no such control database',
      cause: 'The server was reached, but has no database of that name.', fix: 'Create it, or name another in DATABASE_URL.',
      sql: 'create database tailrace',
    },
    {
      ...ours, code: 'database-forbidden', title: 'The user may not make tables',
      cause: 'Tailrace keeps its tables in a schema of its own, and the user may not create it or write to it.',
      fix: 'Let the user create a schema, or create it with that user as its owner.',
      sql: 'create schema tailrace authorization tailrace',
    },
    {
      ...ours, code: 'database-tls', title: 'No encrypted connection to the control database',
      cause: 'The certificate is not trusted, a certificate file cannot be read, or the server offers no TLS.',
      fix: 'See sslmode, sslrootcert, sslcert and sslkey in DATABASE_URL.',
    },
    {
      ...ours, code: 'database-error', title: 'The control database said no',
      cause: 'It refused for a reason that has no entry of its own; its words are in the message.',
      fix: 'See DATABASE_URL, and the log of the server.',
    },
    {
      ...ours, code: 'database-too-old', title: 'The control database is too old',
      cause: 'Its PostgreSQL is older than what Tailrace\'s SQL needs.',
      fix: 'Name a newer server, or unset DATABASE_URL to use the one that Tailrace brings.',
    },
    {
      ...ours, code: 'schema-too-new', title: 'A newer Tailrace has used this database',
      cause: 'It changed the tables in a way that this version does not know.',
      fix: 'Install that version or a newer one; tables are not taken back.',
    },
  ],
}
