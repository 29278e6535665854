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
  'queued': { word: 'Queued', tone: 'busy', icon: 'clock', meaning: 'Waits for a free worker.' },
  'reading': { word: 'Reading', tone: 'busy', icon: 'play', meaning: 'The query runs on the Warehouse.' },
  'comparing': { word: 'Comparing', tone: 'busy', icon: 'play', meaning: 'What was read is compared with what the Target holds.' },
  'awaiting approval': { word: 'Awaiting approval', tone: 'warn', icon: 'shield', meaning: 'A guardrail stopped it before the first write; a person may override it.' },
  'delivering': { word: 'Delivering', tone: 'busy', icon: 'play', meaning: 'Records are sent to the Target.' },
  'deferred': { word: 'Deferred', tone: 'warn', icon: 'clock', meaning: 'It had to stop for a passing reason and goes on by itself.' },
  'completed': { word: 'Completed', tone: 'good', icon: 'check', meaning: 'Every Record is where it should be.' },
  'completed with failures': { word: 'Completed with failures', tone: 'warn', icon: 'alert', meaning: 'Some Records are on hold, not loaded or unconfirmed.' },
  'shelved': { word: 'Shelved', tone: 'quiet', icon: 'dash', meaning: 'There was nothing to do.' },
  'blocked': { word: 'Blocked', tone: 'bad', icon: 'shield', meaning: 'A guardrail, or a plan that no longer held, ended it before the first write.' },
  'stopped': { word: 'Stopped', tone: 'bad', icon: 'shield', meaning: 'A guardrail or the canary ended it after some writes.' },
  'failed': { word: 'Failed', tone: 'bad', icon: 'cross', meaning: 'The Run could not go on.' },
  'interrupted': { word: 'Interrupted', tone: 'bad', icon: 'cross', meaning: 'Its process is gone; the next Run settles what was in flight.' },
  'cancelled': { word: 'Cancelled', tone: 'quiet', icon: 'cross', meaning: 'A person stopped it; what had been sent is settled.' },
}

export const underWay: ReadonlySet<RunStatus> = new Set<RunStatus>(['queued', 'reading', 'comparing', 'delivering'])

export const activationLooks: Readonly<Record<z.output<typeof activationState>, StatusLook>> = {
  'active': { word: 'Active', tone: 'good', icon: 'check', meaning: 'It runs as scheduled, and its last Run went well.' },
  'paused': { word: 'Paused', tone: 'quiet', icon: 'pause', meaning: 'It does not run until it is resumed.' },
  'running': { word: 'Running', tone: 'busy', icon: 'play', meaning: 'A Run is under way.' },
  'never run': { word: 'Never run', tone: 'quiet', icon: 'dash', meaning: 'It has not run yet.' },
  'failing': { word: 'Failing', tone: 'bad', icon: 'cross', meaning: 'Its last Run could not go on.' },
  'needs attention': { word: 'Needs attention', tone: 'warn', icon: 'alert', meaning: 'It cannot run as it is, a guardrail stopped its last Run, or some Records wait for a person.' },
}

/** Outcome statuses in words. */
export const recordLooks: Readonly<Record<z.output<typeof recordStatus>, StatusLook>> = {
  delivered: { word: 'Delivered', tone: 'good', icon: 'check', meaning: 'The Target did it.' },
  'in-place': { word: 'Already in place', tone: 'quiet', icon: 'check', meaning: 'The Target held it already.' },
  rejected: { word: 'Not loaded', tone: 'bad', icon: 'cross', meaning: 'The Target refused it; it waits for the row, the mapping or a person.' },
  'on-hold': { word: 'On hold', tone: 'warn', icon: 'clock', meaning: 'Not applied, for a passing reason; it is tried again by itself.' },
  'unconfirmed': { word: 'Unconfirmed', tone: 'warn', icon: 'alert', meaning: 'Sent without a clear answer; the next Run settles it by looking.' },
}

export const classLooks = {
  'on-hold': recordLooks['on-hold'],
  'rejected': recordLooks.rejected,
  'unconfirmed': recordLooks.unconfirmed,
} as const satisfies Record<string, StatusLook>

export const healthLooks = {
  good: { word: 'Connected', tone: 'good', icon: 'check', meaning: 'It answered when it was last tried.' },
  bad: { word: 'Not reachable', tone: 'bad', icon: 'cross', meaning: 'It could not be used when it was last tried.' },
  unknown: { word: 'Not tried yet', tone: 'quiet', icon: 'dash', meaning: 'No Run and no test has used it yet.' },
} as const satisfies Record<string, StatusLook>

const reasons: Readonly<Record<string, string>> = {
  'new': 'new in the query', 'changed': 'its row changed', 'left': 'left the query', 'unconfirmed': 'was unconfirmed', 'invalid': 'its row cannot become a record', 'retry': 'tried again', 'undo': 'takes a Run back',
  'in-place': 'already in place', 'external': 'a person put it there', 'nothing-to-do': 'nothing to do',
}

/** The reason of a plan line in words; an unknown code is shown as it is. */
export function reasonWord(reason: string): string {
  return reasons[reason] ?? reason
}
