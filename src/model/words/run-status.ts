import type { RunStatus } from '../run.ts'

interface StatusWords {
  /** `Completed with failures`. */
  readonly word: string
  /** One sentence that holds for every Run with this status, whatever its counts. */
  readonly meaning: string
}

export const runStatusWords: Readonly<Record<RunStatus, StatusWords>> = {
  queued: { word: 'Queued', meaning: 'The Run waits for a free worker.' },
  reading: { word: 'Reading', meaning: 'The query runs on the Warehouse.' },
  comparing: { word: 'Comparing', meaning: 'The rows are compared with the Snapshot, and the plan is made.' },
  'awaiting approval': {
    word: 'Awaiting approval',
    meaning: 'The Run waits before its first write for the approval of a person.',
  },
  delivering: { word: 'Delivering', meaning: 'Records are sent to the Target.' },
  deferred: {
    word: 'Deferred',
    meaning: 'The Run stopped for a temporary reason. The next Run continues where it stopped.',
  },
  completed: { word: 'Completed', meaning: 'Everything that the Run planned is in place.' },
  'completed with failures': {
    word: 'Completed with failures',
    meaning: 'The Run came to its end, and not everything is in place.',
  },
  shelved: { word: 'Shelved', meaning: 'There was nothing to do.' },
  blocked: {
    word: 'Blocked',
    meaning: 'A guardrail, or a plan that no longer held, ended the Run before its first write.',
  },
  stopped: {
    word: 'Stopped',
    meaning: 'A guardrail or the canary ended the Run during delivery. Nothing further was sent.',
  },
  failed: { word: 'Failed', meaning: 'The Run could not continue.' },
  interrupted: {
    word: 'Interrupted',
    meaning: 'The process of the Run is gone. The next Run settles what was in flight.',
  },
  cancelled: { word: 'Cancelled', meaning: 'The Run was stopped on request. The next Run continues where it stopped.' },
}
