import { nextRun, type CatalogueArea } from './entry.ts'

const rarer = 'by itself: by the next Run, then after 1 hour, 2, 4 … at most 7 days'
const waits = 'no' as const

export const records: CatalogueArea = {
  title: 'One record: not loaded, on hold or unconfirmed',
  entries: [
    {
      code: 'not-found', title: 'Not found in the Target', whoFixes: 'you: the query', retried: rarer,
      cause: 'No contact, company or conversation has this identifier; perhaps it does not exist yet, was deleted, or was merged into another.',
      fix: 'Compare the identifier with the Target: is it the right column, and the right field? If the thing is made later, it is found then.',
    },
    {
      code: 'ambiguous', title: 'It is not clear which one is meant', whoFixes: 'you: Intercom', retried: waits,
      cause: 'The identifier names more than one thing, or several records of the query name the same one. Tailrace does not guess which is meant; the message names the candidates.',
      fix: 'Merge them in the Target, or use an identifier that is unique. With matches: all, upsert and update write to every match; the plan says to how many.',
    },
    {
      code: 'already-exists', title: 'It exists already', whoFixes: 'you: tailrace.yaml', retried: waits,
      cause: 'The behavior insert only creates, and there is one with this identifier, which was not made by this activation. It was not touched.',
      fix: 'Nothing, if that is as you mean it. To update those that exist as well, use upsert.',
    },
    {
      code: 'archived', title: 'An archived one stands in the way', whoFixes: 'you: Intercom', retried: waits,
      cause: 'The Target keeps an archived (or just deleted) contact with this identifier, and makes no second one beside it.',
      fix: 'Unarchive or delete it in Intercom, or set archived: unarchive in the activation; then "tailrace retry ACTIVATION --records archived".',
    },
    {
      code: 'changed-after-insert', title: 'The row changed after its record was created', whoFixes: 'you: tailrace.yaml', retried: waits,
      cause: 'The behavior insert only creates, so the change was not sent. No call was made.',
      fix: 'Nothing, if that is as you mean it: changedRows: ignore keeps quiet about it. To send changes as well, use upsert.',
    },
    {
      code: 'may-exist', title: 'It may have been created already', whoFixes: 'nobody: it passes', retried: nextRun,
      cause: 'An earlier Run sent its creation and got no clear answer. The Target\'s search shows new things only after some minutes, and a second creation could make a second one; so this one waits.',
      fix: 'Nothing: a later Run looks for it, and creates it only if it is not there.',
    },
    {
      code: 'invalid-value', title: 'A value is not one that its place takes', whoFixes: 'you: the query', retried: waits,
      cause: 'The identifier, or the value of a field, is of another type, none of the field\'s options, or otherwise not what the Target takes. Where that shows before anything is sent, the row is invalid; else the record is not loaded. It is tried again when the row changes.',
      fix: 'Correct it in the query, the mapping (as, clean) or the warehouse; the message says what is wrong.',
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
      cause: 'The answer came, and said nothing about it. Silence does not count as done, so it is unconfirmed.',
      fix: 'Nothing: the next Run looks it up, and sends it again if it is missing.',
    },
    {
      code: 'odd-answer', title: 'The Target answered in a way we do not understand', whoFixes: 'you: the machine or network', retried: nextRun,
      cause: 'Its answer has another form than its documentation says; the message names the request and the place. Perhaps something else answers in its place. What a write was about is unconfirmed until it is read back.',
      fix: 'Check baseUrl, and which proxy stands between. If both are right, please report it with the output of TAILRACE_LOG=debug.',
    },
  ],
}
