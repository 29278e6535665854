import type { z } from 'zod'
import type { activationState } from '../../src/api/activations/contract.ts'
import type { recordStatus } from '../../src/api/runs/contract.ts'
import type { RunStatus } from '../../src/model/run.ts'

/** Five tones, each with readable colors in light and dark mode. The icon repeats the meaning without color. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet'
export type StatusIcon = 'check' | 'play' | 'pause' | 'clock' | 'alert' | 'cross' | 'dash' | 'shield'

export interface StatusLook {
  readonly word: string
  readonly tone: Tone
  readonly icon: StatusIcon
  /** One sentence, shown on hover and to screen readers. */
  readonly meaning: string
}

export const runLooks: Readonly<Record<RunStatus, StatusLook>> = {
  queued: { word: 'Queued', tone: 'busy', icon: 'clock', meaning: 'Waits for a free worker.' },
  reading: { word: 'Reading', tone: 'busy', icon: 'play', meaning: 'The query runs on the Warehouse.' },
  comparing: {
    word: 'Comparing',
    tone: 'busy',
    icon: 'play',
    meaning: 'The rows are compared with the Snapshot, and the plan is made.',
  },
  'awaiting approval': {
    word: 'Awaiting approval',
    tone: 'warn',
    icon: 'shield',
    meaning: 'The Run waits before its first write for the approval of a person.',
  },
  delivering: { word: 'Delivering', tone: 'busy', icon: 'play', meaning: 'Records are sent to the Target.' },
  deferred: {
    word: 'Deferred',
    tone: 'warn',
    icon: 'clock',
    meaning: 'The Run stopped for a temporary reason, and continues automatically.',
  },
  completed: { word: 'Completed', tone: 'good', icon: 'check', meaning: 'All planned writes are done.' },
  'completed with failures': {
    word: 'Completed with failures',
    tone: 'warn',
    icon: 'alert',
    meaning: 'Some Records are on hold, not loaded or unconfirmed.',
  },
  shelved: { word: 'Shelved', tone: 'quiet', icon: 'dash', meaning: 'There was nothing to do.' },
  blocked: {
    word: 'Blocked',
    tone: 'bad',
    icon: 'shield',
    meaning: 'A guardrail, or a plan that no longer held, ended the Run before the first write.',
  },
  stopped: {
    word: 'Stopped',
    tone: 'bad',
    icon: 'shield',
    meaning: 'A guardrail or the canary ended the Run after some writes.',
  },
  failed: { word: 'Failed', tone: 'bad', icon: 'cross', meaning: 'The Run could not continue.' },
  interrupted: {
    word: 'Interrupted',
    tone: 'bad',
    icon: 'cross',
    meaning: 'The process of the Run is gone. The next Run settles the records in flight.',
  },
  cancelled: {
    word: 'Cancelled',
    tone: 'quiet',
    icon: 'cross',
    meaning: 'A person stopped the Run. Sent records are settled.',
  },
}

export const underWay: ReadonlySet<RunStatus> = new Set<RunStatus>(['queued', 'reading', 'comparing', 'delivering'])

export const activationLooks: Readonly<Record<z.output<typeof activationState>, StatusLook>> = {
  active: { word: 'Active', tone: 'good', icon: 'check', meaning: 'It runs as scheduled, and its last Run succeeded.' },
  paused: { word: 'Paused', tone: 'quiet', icon: 'pause', meaning: 'It does not run until it is resumed.' },
  running: { word: 'Running', tone: 'busy', icon: 'play', meaning: 'A Run is in progress.' },
  'never run': { word: 'Never run', tone: 'quiet', icon: 'dash', meaning: 'It has not run yet.' },
  failing: { word: 'Failing', tone: 'bad', icon: 'cross', meaning: 'Its last Run failed.' },
  'needs attention': {
    word: 'Needs attention',
    tone: 'warn',
    icon: 'alert',
    meaning: 'It cannot run with these settings, a guardrail ended its last Run, or some records are not loaded.',
  },
}

/** Outcome statuses in words. */
export const recordLooks: Readonly<Record<z.output<typeof recordStatus>, StatusLook>> = {
  delivered: { word: 'Delivered', tone: 'good', icon: 'check', meaning: 'The Target confirmed it.' },
  'in-place': { word: 'Already in place', tone: 'quiet', icon: 'check', meaning: 'The Target held it already.' },
  rejected: {
    word: 'Not loaded',
    tone: 'bad',
    icon: 'cross',
    meaning:
      'Rejected by the Target, or not deliverable. It waits for a change of the row, the mapping or the Target, or for a person.',
  },
  'on-hold': {
    word: 'On hold',
    tone: 'warn',
    icon: 'clock',
    meaning: 'Not applied, for a temporary reason. Later Runs retry it automatically.',
  },
  unconfirmed: {
    word: 'Unconfirmed',
    tone: 'warn',
    icon: 'alert',
    meaning: 'Sent without a clear answer. The next Run reads the Target to settle it.',
  },
}

export const classLooks = {
  'on-hold': recordLooks['on-hold'],
  rejected: recordLooks.rejected,
  unconfirmed: recordLooks.unconfirmed,
} as const satisfies Record<string, StatusLook>

export const healthLooks = {
  good: { word: 'Connected', tone: 'good', icon: 'check', meaning: 'The last test succeeded.' },
  bad: { word: 'Not reachable', tone: 'bad', icon: 'cross', meaning: 'The last test failed.' },
  unknown: { word: 'Not tested yet', tone: 'quiet', icon: 'dash', meaning: 'No Run and no test has used it yet.' },
} as const satisfies Record<string, StatusLook>

const reasons: Readonly<Record<string, string>> = {
  new: 'new in the query',
  changed: 'its row changed',
  left: 'no longer in the query',
  unconfirmed: 'was unconfirmed',
  invalid: 'its row cannot become a record',
  retry: 'retried',
  undo: 'undoes a Run',
  'in-place': 'already in place',
  external: 'external: a person added it',
  'nothing-to-do': 'nothing to do',
}

/** The reason of a plan line in words; an unknown code is shown as it is. */
export function reasonWord(reason: string): string {
  return reasons[reason] ?? reason
}
