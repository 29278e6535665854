import { nextRun, type CatalogueArea } from './entry.ts'

const passing = { whoFixes: 'nobody: it passes', retried: nextRun } as const

export const run: CatalogueArea = {
  title: 'The Run',
  entries: [
    {
      ...passing, code: 'shared-group-busy', title: 'Other activations were at work on the same group',
      cause: 'Several activations write to the same tag or company, and plan and write one at a time. The others did not end before this one\'s time limit.',
      fix: 'Run it again once they are done, give them schedules further apart, or raise `timeLimit`.',
    },
    {
      ...passing, code: 'group-appeared', title: 'A tag that was to be created exists by now',
      cause: 'It was missing when this was planned. No record was written: what others have put into it since must not be taken for ours.',
      fix: 'Run it again, or make a new plan: the tag is then one that was found.',
    },
    {
      ...passing, code: 'already-running', title: 'The activation is being run already',
      cause: 'Another process has it. Two at once would undo each other\'s work.',
      fix: 'Wait for that Run to end, or stop it with Ctrl-C in its terminal.',
    },
    {
      ...passing, code: 'cancelled', title: 'Somebody stopped the Run',
      cause: 'What was in flight was given a few seconds to end, and is in doubt where it did not; what was not sent is on hold.',
      fix: 'Run it again when you like; it goes on where it stopped.',
    },
    {
      ...passing, code: 'time-limit', title: 'The Run reached its time limit',
      cause: 'It may take only as long as timeLimit says. What was in flight is unconfirmed where it was not answered within a second; what was not sent is on hold.',
      fix: 'Run it again: it goes on where it stopped. Or raise timeLimit.',
    },
    {
      ...passing, code: 'trouble', title: 'The Run stopped because the Target does not answer',
      cause: 'Several batches in a row got no answer, so the rest was not tried and is on hold.',
      fix: 'Run it again when the Target is well; it goes on where it stopped.',
    },
    {
      ...passing, code: 'put-off', title: 'The Run was put off before it wrote a record',
      cause: 'The Target did not answer when the writing was prepared, or a tag that was to be created exists by now; the message says which. All of it is on hold.',
      fix: 'Run it again; it then plans by what is there.',
    },
    {
      code: 'guarded', title: 'A guardrail stopped the Run before this record was sent', whoFixes: 'you: look, then decide',
      retried: nextRun, cause: 'Too many of the records before it were rejected. This one is on hold.',
      fix: 'See "tailrace show RUN --records failed", and mend the reason.',
    },
    {
      ...passing, code: 'run-failed', title: 'The Run failed before this record was sent',
      cause: 'Something else ended the Run; "tailrace show" says what. The record is on hold.',
      fix: 'Mend what ended the Run, and run it again.',
    },
    {
      ...passing, code: 'interrupted', title: 'The Run was broken off in the middle',
      cause: 'Its process was killed, the machine went down, or the control database was away when the answers came. What was being sent at that moment is unconfirmed; it was written down before it was sent.',
      fix: 'Run it again: the next Run looks up what was in flight, and sends the rest.',
    },
    {
      ...passing, code: 'lease-lost', title: 'The Run lost its hold on the activation',
      cause: 'Its connection to the control database broke, so it lost its right to write anything down, and another process may go on with the activation.',
      fix: 'Run it again: what was in flight is looked up first.',
    },
    {
      code: 'too-many-files', title: 'This machine allows no more open files and connections', whoFixes: 'you: the machine or network', retried: nextRun,
      cause: 'The limit of open files is reached, of this process (EMFILE) or of the machine (ENFILE). Each connection counts.',
      fix: 'Raise the limit (ulimit -n; LimitNOFILE= of a systemd unit; --ulimit nofile= of a container), or set a lower concurrency on the targets.',
    },
    {
      code: 'disk-full', title: 'A disk of this machine is full', whoFixes: 'you: the machine or network', retried: nextRun,
      cause: 'Tailrace could not write a file (ENOSPC, or EDQUOT for a quota).',
      fix: 'Make room on the disk that holds the project folder, .tailrace in it, and the folder for temporary files.',
    },
    {
      code: 'out-of-memory', title: 'This machine has no more memory', whoFixes: 'you: the machine or network', retried: nextRun,
      cause: 'The system refused memory (ENOMEM, ENOBUFS).',
      fix: 'Give the machine or the container more memory, or run fewer activations at a time.',
    },
    {
      code: 'cannot-enforce', title: 'Nobody can be told who else carries the tag', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'ownership: enforce takes the tag off everybody who is not in the query, and this object cannot be listed by tag.',
      fix: 'Use ownership: respect or adopt.',
    },
  ],
}
