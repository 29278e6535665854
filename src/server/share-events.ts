import type { Broadcast } from '../store/queue/broadcast.ts'
import type { Progress } from '../engine/ports.ts'

export type SharedEvent =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'changed'; readonly activations: readonly string[] }

/** Progress of one Run goes to other processes no more often than this; a new status goes at once. */
const everyMs = 500
/** More names than fit into a message: then all lists are read again. */
const mostNames = 100

/** Tells other processes on the same control database where this one's Runs stand. */
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
    /** The Run ended: nothing of it is kept. */
    forget(run: number): void {
      reported.delete(run)
    },
  }
}
