import type { z } from 'zod'
import type { activationState } from '../../src/api/activations/contract.ts'
import type { recordStatus } from '../../src/api/runs/contract.ts'
import type { RunStatus } from '../../src/model/run.ts'
import { outcomeWords } from '../../src/model/words/outcomes.ts'
import { runStatusWords } from '../../src/model/words/run-status.ts'

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

const runSigns: Readonly<Record<RunStatus, Pick<StatusLook, 'tone' | 'icon'>>> = {
  queued: { tone: 'busy', icon: 'clock' },
  reading: { tone: 'busy', icon: 'play' },
  comparing: { tone: 'busy', icon: 'play' },
  'awaiting approval': { tone: 'warn', icon: 'shield' },
  delivering: { tone: 'busy', icon: 'play' },
  deferred: { tone: 'warn', icon: 'clock' },
  completed: { tone: 'good', icon: 'check' },
  'completed with failures': { tone: 'warn', icon: 'alert' },
  shelved: { tone: 'quiet', icon: 'dash' },
  blocked: { tone: 'bad', icon: 'shield' },
  stopped: { tone: 'bad', icon: 'shield' },
  failed: { tone: 'bad', icon: 'cross' },
  interrupted: { tone: 'bad', icon: 'cross' },
  cancelled: { tone: 'quiet', icon: 'cross' },
}

export const runLooks = looks(runStatusWords, runSigns)

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
export const recordLooks = looks<z.output<typeof recordStatus>>(outcomeWords, {
  delivered: { tone: 'good', icon: 'check' },
  'in-place': { tone: 'quiet', icon: 'check' },
  rejected: { tone: 'bad', icon: 'cross' },
  'on-hold': { tone: 'warn', icon: 'clock' },
  unconfirmed: { tone: 'warn', icon: 'alert' },
})

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

function looks<Status extends string>(
  words: Readonly<Record<Status, Pick<StatusLook, 'word' | 'meaning'>>>,
  signs: Readonly<Record<Status, Pick<StatusLook, 'tone' | 'icon'>>>,
): Readonly<Record<Status, StatusLook>> {
  const statuses = Object.keys(signs) as Status[]
  return Object.fromEntries(statuses.map((status) => [status, { ...words[status], ...signs[status] }])) as Record<
    Status,
    StatusLook
  >
}
