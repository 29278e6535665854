import type { Broadcast } from '../store/queue/broadcast.ts'
import type { Progress } from '../engine/ports.ts'

export type SharedEvent =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'changed'; readonly activations: readonly string[] }

/** Minimum interval between progress messages of one Run to other processes. A new status is sent at once. */
const everyMs = 500
/** Maximum number of names in a message. Other processes learn of further names at their next `reconcile`. */
const mostNames = 100

/** Reports the progress of this process's Runs to other processes on the same control database. */
export function createPublisher({ publish }: Pick<Broadcast<SharedEvent>, 'publish'>, now: () => number) {
  const reported = new Map<number, { readonly status: string; readonly at: number }>()
  return {
    progress(progress: Progress): void {
      const last = reported.get(progress.run)
      if (last?.status === progress.status && now() - last.at < everyMs) return
      reported.set(progress.run, { status: progress.status, at: now() })
      publish({ type: 'progress', progress })
    },
    changed(activations: readonly string[]): void {
      publish({ type: 'changed', activations: activations.slice(0, mostNames) })
    },
    /** The Run ended: drops what is stored for it. */
    forget(run: number): void {
      reported.delete(run)
    },
  }
}
