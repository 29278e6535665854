import { readCancelled, settledWithin } from '../../connect/index.ts'
import { requestCancel } from './cancel-request.ts'
import { beginReadOnly, type Connected, connect, hangUp, type Server } from './connection.ts'

/** Time for the server to end a cancelled query before its connection is cut. */
const stopMs = 3000
/** A CancelRequest that arrives before the query starts is lost, so it is repeated at this interval. */
const againMs = 500

/**
 * A connection with a read-only transaction. An abort also cancels the running query in the server. If the server does
 * not respond, the connection is cut.
 */
export interface Line {
  readonly client: Connected
  /** Runs one piece of work on the connection. After an abort, throws the abort reason instead of the work's result. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Closes the connection. Cancels work that is still running. */
  close(): Promise<void>
}

export async function openLine(server: Server, signal: AbortSignal): Promise<Line> {
  const client = await connect(server, signal)
  let underWay: Promise<unknown> | undefined
  let stopping: Promise<void> | undefined
  /** Rejects the running work if it does not end by itself. */
  let leave: ((error: Error) => void) | undefined
  const stop = () => {
    stopping ??= stopWork(server, client, underWay).then(() => leave?.(readCancelled(signal)))
  }
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw readCancelled(signal)
    const working = work()
    underWay = working
    try {
      // No Promise.race with one long-lived promise: it would keep every finished page in memory.
      return await new Promise<T>((resolve, reject) => {
        leave = reject
        working.then(resolve, reject)
      })
    } catch (error) {
      // After an abort, throw only when the server has ended the query or the wait for it is over.
      await stopping
      throw signal.aborted ? readCancelled(signal) : error
    } finally {
      if (underWay === working && stopping === undefined) underWay = undefined
    }
  }
  const close = async () => {
    signal.removeEventListener('abort', stop)
    if (underWay !== undefined) stop()
    await (stopping ?? hangUp(client))
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    await run(() => beginReadOnly(server, client))
  } catch (error) {
    await close()
    throw error
  }
  return { client, run, close }
}

/** Cancels the work in the server and waits until it ends, at most `stopMs`. Then cuts the connection. */
async function stopWork(server: Server, client: Connected, underWay: Promise<unknown> | undefined): Promise<void> {
  const over = AbortSignal.timeout(stopMs)
  let trouble: unknown
  let isEnded = underWay === undefined
  while (!isEnded && !over.aborted) {
    await requestCancel(server, client, over).catch((error: unknown) => (trouble = error))
    isEnded = underWay === undefined || (await settledWithin(underWay, againMs))
  }
  if (!isEnded) {
    const reason = trouble instanceof Error ? trouble.message : 'it did not end in time'
    server.log.warn('A cancelled query can continue to run in the warehouse for some seconds', {
      host: server.address.host,
      reason,
    })
  }
  client.connection.stream.destroy()
}
