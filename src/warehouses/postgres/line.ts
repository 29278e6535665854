import { readCancelled, settledWithin } from '../../connect/index.ts'
import { requestCancel } from './cancel-request.ts'
import { beginReadOnly, type Connected, connect, hangUp, type Server } from './connection.ts'

/** So long a server has to end a query that was stopped, before its connection is cut. */
const stopMs = 3000
/** A request to stop that comes before the query has begun is lost: it is made again this often. */
const againMs = 500

/** A connection with its read-only transaction. At an abort, what it does is ended in the server too; one that is silent is left. */
export interface Line {
  readonly client: Connected
  /** Does one piece of work on it. Throws the reason of an abort in place of what it brought about. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Ends it. Work that is still under way is stopped first. */
  close(): Promise<void>
}

export async function openLine(server: Server, signal: AbortSignal): Promise<Line> {
  const client = await connect(server, signal)
  let underWay: Promise<unknown> | undefined
  let stopping: Promise<void> | undefined
  /** Rejects the work that is under way, where it does not end of itself. */
  let leave: ((error: Error) => void) | undefined
  const stop = () => {
    stopping ??= stopWork(server, client, underWay).then(() => leave?.(readCancelled(signal)))
  }
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw readCancelled(signal)
    const working = work()
    underWay = working
    try {
      // Not a race with one lasting promise, which would keep every page that ever won it.
      return await new Promise<T>((resolve, reject) => {
        leave = reject
        working.then(resolve, reject)
      })
    } catch (error) {
      // Whoever asked for a stop is told once the server has ended the query, or was given up.
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

/** Has the server end the work, waits until it has, and cuts the connection, at the latest when its time is over. */
async function stopWork(server: Server, client: Connected, underWay: Promise<unknown> | undefined): Promise<void> {
  const over = AbortSignal.timeout(stopMs)
  let trouble: unknown
  let isEnded = underWay === undefined
  while (!isEnded && !over.aborted) {
    await requestCancel(server, client, over).catch((error: unknown) => trouble = error)
    isEnded = underWay === undefined || await settledWithin(underWay, againMs)
  }
  if (!isEnded) {
    const reason = trouble instanceof Error ? trouble.message : 'it did not end in time'
    server.log.warn('A query that was stopped may run on in the warehouse for some seconds', { host: server.address.host, reason })
  }
  client.connection.stream.destroy()
}
