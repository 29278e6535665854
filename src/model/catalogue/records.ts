import { nextRun, type CatalogueArea } from './entry.ts'

const rarer = 'by itself: by the next Run, then after 1 hour, 2, 4 … at most 7 days'
const waits = 'no' as const

export const records: CatalogueArea = {
  title: 'One record: not loaded, on hold or in doubt',
  entries: [
    {
      code: 'not-found', title: 'The Target has no such thing', whoFixes: 'you: the query', retried: rarer,
      cause: 'No contact, company or conversation has this identifier; perhaps it does not exist yet, was deleted, or was merged into another.',
      fix: 'Compare the identifier with the Target: is it the right column, and the right field? If the thing is made later, it is found then.',
    },
    {
      code: 'ambiguous', title: 'The Target has several of them', whoFixes: 'you: Intercom', retried: waits,
      cause: 'More than one thing has this identifier, and Tailrace does not guess which is meant.',
      fix: 'Merge them in the Target, or use an identifier that is unique.',
    },
    {
      code: 'invalid-value', title: 'A value cannot be brought into its Field', whoFixes: 'you: the query', retried: waits,
      cause: 'The identifier, or another value, is not one that the Target can take: a text where a number goes, an option that there is not, a number with more digits than are kept. What Tailrace sees by itself is not sent, and the row is read afresh in each Run; what the Target refuses is tried again when the row changes.',
      fix: 'Correct it in the query or in the warehouse, or say how to read or clean it in the mapping; the message shows the value, the Field and the reason.',
    },
    {
      code: 'too-large', title: 'The value is too long for the Target', whoFixes: 'you: the query', retried: waits,
      cause: 'The identifier is longer than any the Target has.', fix: 'See that identifier.column is the right column.',
    },
    {
      code: 'forbidden', title: 'The Target does not let us change this one', whoFixes: 'you: Intercom', retried: waits,
      cause: 'The token may do this in general, but not to this record.',
      fix: 'Give the token\'s app or owner access to it, in the Target.',
    },
    {
      code: 'conflict', title: 'Something else was changing it', whoFixes: 'nobody: it passes', retried: rarer,
      cause: 'The Target says that the record is in another state than the change needs, often because somebody else was at it.',
      fix: 'Nothing; if it stays so, look at the record in the Target.',
    },
    {
      code: 'refused', title: 'The Target refused it', whoFixes: 'you: Intercom', retried: waits,
      cause: 'It said no for a reason that has no entry of its own; its words are kept with the record.',
      fix: 'See "tailrace show RUN --records failed"; the request id helps the vendor\'s support.',
    },
    {
      code: 'skipped', title: 'The Target left it out', whoFixes: 'nobody: it passes', retried: nextRun,
      cause: 'The Target answered for the other records of the call, but not for this one, though it exists.',
      fix: 'Nothing: it is sent again.',
    },
    {
      code: 'no-answer', title: 'There was no answer for this record', whoFixes: 'nobody: it passes', retried: nextRun,
      cause: 'The answer came, and said nothing about it. Silence does not count as done, so it is in doubt.',
      fix: 'Nothing: the next Run looks it up, and sends it again if it is missing.',
    },
    {
      code: 'odd-answer', title: 'The Target answered in a way we do not understand', whoFixes: 'Tailrace', retried: nextRun,
      cause: 'Its answer has another form than its documentation says. What it was about is in doubt until it is read back.',
      fix: 'If it comes back, please report it with the output of TAILRACE_LOG=debug.',
    },
  ],
}
