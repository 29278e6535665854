import type { RunStatus } from './run.ts'

/** What a person should know of an Activation at a glance. */
export type ActivationState = 'active' | 'paused' | 'running' | 'never run' | 'failing' | 'needs attention'

export interface Standing {
  /** No scheduled Runs until a person says so. */
  readonly paused: boolean
  /** It cannot run as it is saved. */
  readonly broken: boolean
  /** A Run is under way. */
  readonly running: boolean
  /** How the last Run ended; null: there was none. */
  readonly lastStatus: RunStatus | null
  /** Records that wait for the row, the mapping or a person. */
  readonly notLoaded: number
}

/** The one place where a state is derived; the first that applies. */
export function activationState({ paused, broken, running, lastStatus, notLoaded }: Standing): ActivationState {
  if (running) return 'running'
  if (paused) return 'paused'
  if (broken) return 'needs attention'
  if (lastStatus === null) return 'never run'
  if (lastStatus === 'failed' || lastStatus === 'interrupted') return 'failing'
  const awaitsPerson = lastStatus === 'blocked' || lastStatus === 'stopped' || lastStatus === 'awaiting approval'
  return awaitsPerson || notLoaded > 0 ? 'needs attention' : 'active'
}
