import type { RunStatus } from './run.ts'

/** State of an Activation, as the UI and the command line show it. */
export type ActivationState = 'active' | 'paused' | 'running' | 'never run' | 'failing' | 'needs attention'

export interface Standing {
  /** No scheduled Runs until a person resumes it. */
  readonly paused: boolean
  /** It cannot run with its saved configuration. */
  readonly broken: boolean
  /** A Run is in progress. */
  readonly running: boolean
  /** Status of the last Run; null: it never ran. */
  readonly lastStatus: RunStatus | null
  /** Records that stay rejected until a person changes the row, the mapping or the Target. */
  readonly notLoaded: number
}

/** Derives the state. The first rule that applies wins. */
export function activationState({ paused, broken, running, lastStatus, notLoaded }: Standing): ActivationState {
  if (running) return 'running'
  if (paused) return 'paused'
  if (broken) return 'needs attention'
  if (lastStatus === null) return 'never run'
  if (lastStatus === 'failed' || lastStatus === 'interrupted') return 'failing'
  const awaitsPerson = lastStatus === 'blocked' || lastStatus === 'stopped' || lastStatus === 'awaiting approval'
  return awaitsPerson || notLoaded > 0 ? 'needs attention' : 'active'
}
