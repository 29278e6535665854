import { join, relative, sep } from 'node:path'
import { Fault } from '../model/fault.ts'
import { findOrStart, type FoundServer } from './find-or-start.ts'
import { tryLock, type FileLock } from './file-lock.ts'
import { openFolder } from './folder.ts'
import { prepareHome } from './place.ts'
import { findPostmaster, isRunning, orderStop, stopPostmaster, type RunningServer } from './postmaster.ts'
import { inTurn, joinUsers, usersFile } from './turn.ts'
import { watchServer, type ServerNews, type ServerWatch } from './watch-server.ts'

export interface EmbeddedServerOptions {
  /** Absolute path of the .tailrace directory; created if missing. */
  readonly home: string
  /** Further server settings, e.g. `{ fsync: 'off' }` for tests. They apply if this call starts the server. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedServer {
  /** Contains the password: never log it. */
  readonly url: string
  readonly data: string
  /** Current values. Both change when a watched server restarts; the port only if another program has taken it. */
  readonly pid: number
  readonly port: number
  /** True when this call started the server, false when it found one running. */
  readonly started: boolean
  /** From now until `release`, a server that ends is restarted by one of the processes that watch it. */
  watch(report: (news: ServerNews) => void): void
  /** Releases the server, and stops it if no other process uses it. */
  release(): Promise<void>
}

/**
 * The PostgreSQL server of one project, shared by all its Tailrace processes: the first starts it, the last stops it.
 * Each process holds a shared kernel lock as long as it lives, so the kernel knows which one is the last, and a killed
 * process does not count. A server that outlived its users is found and used again. The project may be renamed, moved
 * or deleted meanwhile.
 */
export async function openEmbeddedServer({
  home: wanted,
  settings = {},
}: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const first = await prepareHome(wanted)
  const folder = openFolder(first)
  let use: FileLock | undefined
  let server: FoundServer | undefined
  /** The server as it runs now: another process may have restarted it. */
  const serverNow = (home: string | undefined): RunningServer | undefined => {
    if (server === undefined || home === undefined) return server
    const { data, id } = server
    const pid = findPostmaster(data.startsWith(first + sep) ? join(home, relative(first, data)) : data)?.pid
    return pid === undefined ? server : { pid, id }
  }
  const stopIfLast = (): void => {
    const home = folder.path()
    use?.release()
    // Waits a moment: another process that leaves at the same time must not count as a remaining user.
    const alone = home === undefined ? undefined : tryLock(usersFile(home), 'exclusive', 50)
    const running = serverNow(home)
    if (running !== undefined && (alone !== undefined || home === undefined)) orderStop(running)
    alone?.release()
  }
  const leave = async (): Promise<void> => {
    process.off('exit', stopIfLast)
    const home = folder.path()
    if (home === undefined) {
      use?.release()
      await stopPostmaster(serverNow(undefined))
    } else
      await inTurn(home, async () => {
        use?.release()
        const alone = tryLock(usersFile(home), 'exclusive')
        try {
          if (alone !== undefined) await stopPostmaster(serverNow(home))
        } finally {
          alone?.release()
        }
      })
    folder.close()
  }
  const startAgain = async (): Promise<FoundServer> => {
    const home = folder.path()
    if (home === undefined)
      throw new Fault('config', `The folder ${wanted} was deleted, together with the database in it.`, {
        code: 'embedded-data-gone',
        advice: 'Start Tailrace again in the folder where its state is to be kept.',
      })
    return (server = await inTurn(home, () => findOrStart({ home, settings, inUse: true })))
  }

  process.once('exit', stopIfLast)
  let opened: FoundServer
  try {
    opened = server = await inTurn(first, async () => {
      const alone = tryLock(usersFile(first), 'exclusive')
      alone?.release()
      use = await joinUsers(first)
      return await findOrStart({ home: first, settings, inUse: alone === undefined })
    })
  } catch (error) {
    process.off('exit', stopIfLast)
    use?.release()
    folder.close()
    throw error
  }
  const current = (): FoundServer => server ?? opened
  let watching: ServerWatch | undefined
  let released: Promise<void> | undefined
  return {
    url: opened.url,
    data: opened.data,
    started: opened.started,
    get pid() {
      return current().pid
    },
    get port() {
      return current().port
    },
    watch(report) {
      watching ??= watchServer({ isRunning: () => isRunning(current()), startAgain, report })
    },
    release: () =>
      (released ??= (async () => {
        await watching?.close()
        await leave()
      })()),
  }
}
