import { isEnded } from '../../model/run.ts'
import type { Progress } from '../ports.ts'

/** A Run's progress, with its speed. */
export interface WatchedProgress extends Progress {
  /** Records answered per second since delivery began. Null while the measurement is too short. */
  readonly perSecond: number | null
  readonly etaMs: number | null
}

export type RunEvent =
  | { readonly type: 'progress'; readonly progress: WatchedProgress }
  /** Lists of these Activations should be read again. */
  | { readonly type: 'changed'; readonly activations: readonly string[] }

/** Publishes Run events to subscribers in this process and (src/server/share-events.ts) in others. */
export interface RunHub {
  progress(progress: Progress): void
  changed(activations: readonly string[]): void
  /** Last reported progress of the Runs that are in progress. */
  current(): readonly WatchedProgress[]
  /** Returns a function that unsubscribes. */
  subscribe(listener: (event: RunEvent) => void): () => void
}

interface Watched {
  readonly progress: WatchedProgress
  /** When delivery began, and how many Records were answered by then. */
  readonly from: { readonly at: number; readonly answered: number } | undefined
}

/** Minimum time to measure a speed. */
const steadyMs = 1000

export function createRunHub(now: () => number): RunHub {
  const listeners = new Set<(event: RunEvent) => void>()
  const runs = new Map<number, Watched>()
  const publish = (event: RunEvent): void => {
    for (const listener of listeners) listener(event)
  }
  return {
    progress(progress) {
      const at = now()
      const from =
        progress.status === 'delivering'
          ? (runs.get(progress.run)?.from ?? { at, answered: progress.answered })
          : undefined
      const watched: WatchedProgress = { ...progress, ...speed(progress, from, at) }
      if (isEnded(progress.status)) runs.delete(progress.run)
      else runs.set(progress.run, { progress: watched, from })
      publish({ type: 'progress', progress: watched })
    },
    changed: (activations) => publish({ type: 'changed', activations }),
    current: () => [...runs.values()].map(({ progress }) => progress),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function speed(
  { planned, answered }: Progress,
  from: Watched['from'],
  at: number,
): Pick<WatchedProgress, 'perSecond' | 'etaMs'> {
  const elapsed = from === undefined ? 0 : at - from.at
  const perSecond = from === undefined || elapsed < steadyMs ? 0 : ((answered - from.answered) / elapsed) * 1000
  return perSecond <= 0
    ? { perSecond: null, etaMs: null }
    : { perSecond, etaMs: Math.round(((planned - answered) / perSecond) * 1000) }
}
