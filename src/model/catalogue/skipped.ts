import type { CatalogueArea } from './entry.ts'

const fine = { whoFixes: 'no one: nothing to fix', retried: 'no' } as const
const nothing = 'Nothing.'

/** Why a line of a plan, or of a Run, has no Operation. */
export const skipped: CatalogueArea = {
  title: 'One record: nothing to send',
  entries: [
    {
      ...fine,
      code: 'in-place',
      title: 'Already in place',
      cause: 'The Target already holds what the query asks for, so nothing is sent.',
      fix: nothing,
    },
    {
      ...fine,
      code: 'external',
      title: 'Added by another user or program',
      cause:
        'The query no longer asks for it, but another user or program added it, or added it again since. With ownership: respect it is not removed.',
      fix: 'Nothing. Or remove it in the Target by hand.',
    },
    {
      ...fine,
      code: 'wanted-elsewhere',
      title: 'Another activation still requests it',
      cause:
        'This record no longer asks for it, but another activation, or another record of this activation, still does. Each Run checks again, and removes it when no activation requests it any more.',
      fix: nothing,
    },
    {
      ...fine,
      code: 'nothing-to-do',
      title: 'Nothing to change',
      cause: 'What this Run would remove or undo is no longer in the Target.',
      fix: nothing,
    },
    {
      ...fine,
      code: 'later-run',
      title: 'A later Run changed it',
      cause: 'An undo does not touch what a later Run of the same activation changed again.',
      fix: 'To undo that change as well, undo the later Run first.',
    },
    {
      ...fine,
      code: 'confirmed',
      title: 'Found as requested',
      cause: 'The record was unconfirmed. A read showed that the write had succeeded.',
      fix: nothing,
    },
    {
      ...fine,
      code: 'state-unknown',
      title: 'The previous state is unknown',
      cause:
        'The Target did not report what it held before the Run, or whether the Run created it, so an undo does not touch it.',
      fix: 'Check the record in the Target, and change it by hand.',
    },
    {
      ...fine,
      code: 'cannot-restore',
      title: 'Permanently deleted',
      cause: 'A deleted record cannot be restored.',
      fix: 'Create the record again if it should exist.',
    },
  ],
}
