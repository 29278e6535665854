import { nextRun, type CatalogueArea } from './entry.ts'

const rarer = 'by itself: in the next Run, then after 1 hour, 2, 4 … at most 7 days'
const waits = 'no' as const

export const records: CatalogueArea = {
  title: 'One record: not loaded, on hold or unconfirmed',
  entries: [
    {
      code: 'not-found',
      title: 'Not found in the Target',
      whoFixes: 'you: the query',
      retried: rarer,
      cause:
        'No contact, company or conversation has this identifier. The record may not exist yet, may be deleted, or may be merged into another.',
      fix: 'Compare the identifier with the Target: check that the column and the field are right. If the record is created later, a later Run finds it.',
    },
    {
      code: 'group-not-found',
      title: 'The tag or company does not exist',
      whoFixes: 'you: the query',
      retried: 'by itself: in the next Run after it exists',
      cause: 'The row names a tag or a company that Intercom does not have, and the activation may not create it.',
      fix: 'Correct the column, create the tag or the company in Intercom, or (to attach tags) set createTag: true. Once it exists, the next Run writes the link.',
    },
    {
      code: 'ambiguous',
      title: 'The identifier matches several records',
      whoFixes: 'you: the target',
      retried: waits,
      cause:
        'The identifier matches more than one record in the Target, or several records of the query match the same one. Tailrace does not guess; the message names the candidates.',
      fix: 'Merge them in the Target, or use a unique identifier. With matches: all, upsert and update write to every match; the plan shows how many.',
    },
    {
      code: 'already-exists',
      title: 'The record exists already',
      whoFixes: 'you: tailrace.yaml',
      retried: waits,
      cause:
        'The behavior insert only creates records. The Target has a record with this identifier that this activation did not create. It was not changed.',
      fix: 'Nothing, if this is intended. To update existing records as well, use upsert.',
    },
    {
      code: 'archived',
      title: 'An archived contact blocks the creation',
      whoFixes: 'you: the target',
      retried: waits,
      cause:
        'The Target has an archived (or recently deleted) contact with this identifier, and does not create a second one.',
      fix: 'Unarchive or delete the contact in Intercom, or set archived: unarchive in the activation. Then run "tailrace retry ACTIVATION --records archived".',
    },
    {
      code: 'changed-after-insert',
      title: 'The row changed after its record was created',
      whoFixes: 'you: tailrace.yaml',
      retried: waits,
      cause: 'The behavior insert only creates records, so the change was not sent. No call was made.',
      fix: 'Nothing, if this is intended: changedRows: ignore hides these records. To send changes as well, use upsert.',
    },
    {
      code: 'may-exist',
      title: 'The record may already have been created',
      whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause:
        "An earlier Run sent a create request and got no clear answer. The Target's search shows new records only after some minutes, and a second request could create a duplicate. So this record waits.",
      fix: 'Nothing: a later Run searches for the record, and creates it only if it does not exist.',
    },
    {
      code: 'job-at-work',
      title: 'The Target may still work on the record',
      whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause:
        'A Run handed the record to a job of the Target and ended before the job was done: at its time limit, on a stop, or because its process ended. Until the results are collected, nothing else is planned for the record.',
      fix: 'Nothing: the next Run collects the results before it does anything else. They are counted in the Run that started the job.',
    },
    {
      code: 'invalid-value',
      title: 'A value is not valid for its field',
      whoFixes: 'you: the query',
      retried: waits,
      cause:
        'The identifier or the value of a field has another type, is not an option of the field, or is not valid in the Target for another reason. If this is known before anything is sent, the row is invalid; otherwise the record is not loaded. Tailrace tries again when the row changes.',
      fix: 'Correct the value in the query, the mapping (as, clean) or the warehouse. The message says what is wrong.',
    },
    {
      code: 'too-large',
      title: 'The value is too long for the Target',
      whoFixes: 'you: the query',
      retried: waits,
      cause: 'The identifier is longer than the Target allows.',
      fix: 'Check that identifier.column is the right column.',
    },
    {
      code: 'forbidden',
      title: 'No permission to change this record',
      whoFixes: 'you: the target',
      retried: waits,
      cause: 'The token has the permission in general, but not for this record.',
      fix: 'In the Target, give the app or the owner of the token access to the record.',
    },
    {
      code: 'conflict',
      title: 'Another change to the record was in progress',
      whoFixes: 'no one: it is temporary',
      retried: rarer,
      cause:
        'The Target reports that the record is in another state than the change requires, often because another user or program changed it at the same time.',
      fix: 'Nothing. If the error persists, check the record in the Target.',
    },
    {
      code: 'refused',
      title: 'The Target rejected the record',
      whoFixes: 'you: the target',
      retried: waits,
      cause:
        'The Target rejected the record for a reason that has no entry of its own. Its message is saved with the record.',
      fix: 'See "tailrace show RUN --records failed". The request id helps the vendor\'s support.',
    },
    {
      code: 'skipped',
      title: 'The Target skipped the record',
      whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause: 'The Target answered for the other records of the call, but not for this one, although the record exists.',
      fix: 'Nothing: Tailrace sends it again.',
    },
    {
      code: 'no-answer',
      title: 'No answer for this record',
      whoFixes: 'no one: it is temporary',
      retried: nextRun,
      cause:
        'The answer of the Target does not mention this record. A missing answer does not count as success, so the record is unconfirmed.',
      fix: 'Nothing: the next Run reads the record, and sends it again if the change is missing.',
    },
    {
      code: 'odd-answer',
      title: "The Target's answer has an unknown form",
      whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause:
        "The answer differs from the Target's API documentation. The message names the request and the position. Perhaps another server answers instead of the Target. A record that was written is unconfirmed until it is read back.",
      fix: 'Check baseUrl, and check whether a proxy answers instead of the Target. If both are right, please report it with the output of TAILRACE_LOG=debug.',
    },
  ],
}
