import type { CatalogueArea, CatalogueEntry } from './entry.ts'

const bug = (
  code: string,
  title: string,
  cause: string,
  retried: CatalogueEntry['retried'] = 'no',
): CatalogueEntry => ({
  code,
  title,
  cause,
  whoFixes: 'Tailrace',
  retried,
  fix: 'Please report it with the output of TAILRACE_LOG=debug. The output contains no secrets.',
})

export const bugs: CatalogueArea = {
  title: 'Bugs in Tailrace',
  entries: [
    bug(
      'unexpected',
      'Unexpected error',
      'A part of Tailrace failed in a way that it does not handle. Records that were in flight are unconfirmed. The next Run reads them.',
    ),
    bug(
      'connector-failed',
      'A connector failed',
      'The code for this Target threw an error during a call. Records that were in flight are unconfirmed. The next Run reads them.',
    ),
    bug(
      'bad-ticket',
      'A connector saved an unusable ticket',
      'The code for this Target saved a ticket for a job that is empty or too long. The records of its batch are unconfirmed. The next Run reads them.',
    ),
    bug(
      'lines-lost',
      'Lines of a plan are missing',
      'A job of the Target works on records whose lines of the plan no longer exist, so its results cannot be saved. Nothing was sent.',
    ),
    bug(
      'config-not-checked',
      'A valid config cannot be used',
      'The validation of tailrace.yaml found no error, but the file names something that does not exist.',
    ),
    bug(
      'config-unread',
      'Reading tailrace.yaml gave no result',
      'The file was read without a result and without an error.',
    ),
    bug(
      'client-closed',
      'A request was made after its Run ended',
      'A connector made a request after the HTTP client of its Run was closed.',
    ),
    bug('malformed-request', 'A request cannot be sent', 'A connector made a request that is not valid HTTP.'),
    bug(
      'migration-failed',
      'A migration of the control database failed',
      'The migration was rolled back. Nothing else was done.',
    ),
    bug(
      'migration-number-twice',
      'Two migrations have the same number',
      'This copy of Tailrace differs from the released version.',
    ),
    bug(
      'migration-changed',
      'An applied migration was changed',
      'Another copy of Tailrace migrated the control database, and its migrations differ from those of this copy. Install a released version.',
    ),
    bug('demo-differs', 'The demo did not end as expected', 'The result of one step differs from its description.'),
  ],
}
