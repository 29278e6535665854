import type { CatalogueArea } from './entry.ts'

const fine = { whoFixes: 'nobody: it passes', retried: 'no' } as const
const nothing = 'Nothing.'

/** Why a line of a plan, or of a Run, has no Operation. */
export const skipped: CatalogueArea = {
  title: 'One record: nothing to ask',
  entries: [
    { ...fine, code: 'in-place', title: 'It is in place already', cause: 'The Target holds it as the query asks, so nothing is sent.', fix: nothing },
    {
      ...fine, code: 'external', title: 'Somebody else put it there',
      cause: 'It would be removed, but a person or another program put it there, or put it there again since. With ownership: respect it stays.', fix: 'Nothing; or remove it in the Target by hand.',
    },
    {
      ...fine, code: 'wanted-elsewhere', title: 'Another activation still wants it',
      cause: 'It would be removed, but another activation, or another record of this one, still asks for it. Each Run asks again, and removes it once nobody wants it any more.', fix: nothing,
    },
    { ...fine, code: 'nothing-to-do', title: 'There is nothing to change', cause: 'What is to be removed or undone is gone from the Target already.', fix: nothing },
    { ...fine, code: 'later-run', title: 'A later Run changed it since', cause: 'An undo leaves alone what a later Run of the same activation did again.', fix: 'To take that back as well, undo the later Run first.' },
    { ...fine, code: 'confirmed', title: 'It was found to be as asked', cause: 'It was unconfirmed, and reading it showed that it had arrived.', fix: nothing },
    { ...fine, code: 'untold', title: 'Nothing tells what was there before', cause: 'The Target did not say what it held before the Run, or whether the Run created it, so an undo leaves it alone.', fix: 'Look at the record in the Target, and change it by hand.' },
    { ...fine, code: 'for-good', title: 'It was deleted for good', cause: 'Nothing brings back what was deleted.', fix: 'Create it anew, if it should exist.' },
  ],
}
