import type { Worker } from './worker.ts'
import { plural } from '../model/figures.ts'
import type { Host } from './process/host.ts'

/** Time for Runs to finish what is in flight. What takes longer is unconfirmed, and the next Run settles it. */
const mostMs = 10_000

/** Stops cleanly; a second Ctrl-C stops at once. */
export async function stopServer(host: Host, worker: Worker, close: (mostMs: number) => Promise<void>): Promise<void> {
  const { running } = worker
  host.terminal.note(
    running === 0
      ? 'Stopping …'
      : `Stopping: ${plural(running, 'Run')} ${running === 1 ? 'finishes its' : 'finish their'} requests in flight, and ${running === 1 ? 'continues' : 'continue'} when a server runs again … (Ctrl-C again stops at once)`,
  )
  host.stops.abort.addEventListener('abort', () => worker.abort())
  await close(mostMs)
}
