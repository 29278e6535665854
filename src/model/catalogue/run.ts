import { nextRun, type CatalogueArea } from './entry.ts'

const passing = { whoFixes: 'no one: it is temporary', retried: nextRun } as const

export const run: CatalogueArea = {
  title: 'The Run',
  entries: [
    {
      ...passing,
      code: 'shared-group-busy',
      title: 'Other activations were writing to the same group',
      cause:
        'Several activations write to the same tag or company, and only one of them can plan and write at a time. The others did not end before the time limit of this Run.',
      fix: 'Run it again when the others are done, schedule them further apart, or raise `timeLimit`.',
    },
    {
      ...passing,
      code: 'group-appeared',
      title: 'A tag that was to be created exists now',
      cause:
        'The tag did not exist when the Run was planned. No record was written, because Tailrace must not treat what others have added to the tag since then as managed.',
      fix: 'Run it again, or make a new plan. The tag then counts as an existing tag.',
    },
    {
      ...passing,
      code: 'already-running',
      title: 'The activation is already running',
      cause: "Another process runs this activation. Two Runs at the same time would undo each other's work.",
      fix: 'Wait for that Run to end, or stop it with Ctrl-C in its terminal.',
    },
    {
      ...passing,
      code: 'cancelled',
      title: 'The Run was cancelled',
      cause:
        'Calls in flight had a few seconds to finish. Records whose call did not finish are unconfirmed. Records that were not sent are on hold.',
      fix: 'Run it again at any time. The Run continues where it stopped.',
    },
    {
      ...passing,
      code: 'time-limit',
      title: 'The Run reached its time limit',
      cause:
        'timeLimit sets how long a Run can take. Calls in flight that got no answer within a second are unconfirmed. Records that were not sent are on hold.',
      fix: 'Run it again: it continues where it stopped. Or raise timeLimit.',
    },
    {
      ...passing,
      code: 'trouble',
      title: 'The Run stopped because the Target does not answer',
      cause: 'Several batches in a row got no answer, so the other records were not sent and are on hold.',
      fix: 'Run it again when the Target answers. The Run continues where it stopped.',
    },
    {
      ...passing,
      code: 'run-deferred',
      title: 'The Run was deferred before it wrote a record',
      cause:
        'The Target did not answer when Tailrace prepared the writes, or a tag that was to be created exists now. The message says which. All records are on hold.',
      fix: 'Run it again. The next Run plans with the current state of the Target.',
    },
    {
      code: 'guarded',
      title: 'A guardrail stopped the Run before this record was sent',
      whoFixes: 'you: review and decide',
      retried: nextRun,
      cause: 'Too many of the earlier records were rejected, or the canary failed. This record is on hold.',
      fix: 'See "tailrace show RUN --records failed", and fix the reason.',
    },
    {
      ...passing,
      code: 'run-failed',
      title: 'The Run failed before this record was sent',
      cause: 'Another error ended the Run; "tailrace show" says which. The record is on hold.',
      fix: 'Fix the error that ended the Run, and run it again.',
    },
    {
      ...passing,
      code: 'interrupted',
      title: 'The Run was interrupted',
      cause:
        'Its process was killed, the machine stopped, or the control database was unavailable when the answers arrived. Records that were being sent at that moment are unconfirmed. Tailrace saved them before it sent them.',
      fix: 'Run it again: the next Run reads the records that were in flight, and sends the rest.',
    },
    {
      ...passing,
      code: 'lease-lost',
      title: 'The Run lost its lease on the activation',
      cause:
        'Its connection to the control database broke, so it can save nothing more. Another process can run the activation now.',
      fix: 'Run it again: the next Run reads the records that were in flight first.',
    },
    {
      code: 'too-many-files',
      title: 'This machine allows no more open files and connections',
      whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause:
        'The limit of open files is reached, for this process (EMFILE) or for the machine (ENFILE). Each connection counts.',
      fix: 'Raise the limit (ulimit -n; LimitNOFILE= of a systemd unit; --ulimit nofile= of a container), or set a lower concurrency on the targets.',
    },
    {
      code: 'disk-full',
      title: 'A disk of this machine is full',
      whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause: 'Tailrace could not write a file (ENOSPC, or EDQUOT for a quota).',
      fix: 'Free space on the disks of the project folder, of .tailrace in it, and of the folder for temporary files.',
    },
    {
      code: 'out-of-memory',
      title: 'This machine has no free memory',
      whoFixes: 'you: the machine or network',
      retried: nextRun,
      cause: 'The system could not allocate memory (ENOMEM, ENOBUFS).',
      fix: 'Give the machine or the container more memory, or run fewer activations at a time.',
    },
    {
      code: 'cannot-enforce',
      title: 'The records with the tag cannot be listed',
      whoFixes: 'you: tailrace.yaml',
      retried: 'no',
      cause:
        'ownership: enforce removes the tag from every record that is not in the query, so it needs a list of all records with the tag. This object cannot be listed by tag, or the listing has no field that is the identifier of the activation.',
      fix: 'Use ownership: respect or adopt, or use the id as the identifier.',
    },
  ],
}
