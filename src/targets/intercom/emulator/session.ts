import { randomUUID } from 'node:crypto'
import { createFaults, type Faults } from '../../../emulator-kit/faults.ts'
import { createRate, type Rate } from '../../../emulator-kit/fixed-window.ts'
import { createRequestLog, type RequestLog } from '../../../emulator-kit/request-log.ts'
import { createRouter } from '../../../emulator-kit/router.ts'
import type { Match } from './http/route.ts'
import { createTokens, type Tokens } from './http/admission.ts'
import { settle, type IntercomEmulatorOptions } from './options.ts'
import { routes } from './routes/index.ts'
import { createWorkspace, type Workspace } from './state/workspace.ts'
import { plantSeed } from './state/seed.ts'
import { describeChange, type Watcher } from './watcher.ts'

/** All state that a reset replaces. */
export interface Session {
  readonly route: (method: string, path: string) => Match | undefined
  options: IntercomEmulatorOptions
  workspace: Workspace
  tokens: Tokens
  rate: Rate
  faults: Faults
  log: RequestLog
  /** The workspace's subscription has ended: every call is rejected with `api_plan_restricted`. */
  planRestricted: boolean
  /** Stays after a reset. */
  watcher: Watcher
  /** Id of the request that is being carried out; undefined: the current change is made by hand. */
  serving: string | undefined
  /** Resets to the seed. `changes`: options that apply from now on. Port and host stay. */
  reset(changes?: IntercomEmulatorOptions): void
}

export function createSession(options: IntercomEmulatorOptions): Session {
  const session: Session = {
    // Each emulator has its own workspace id, also after a reset.
    ...begin({ workspace: `emulated_workspace_${randomUUID()}`, ...options }),
    route: createRouter(routes),
    watcher: {},
    serving: undefined,
    reset(changes = {}) {
      Object.assign(session, begin({ ...session.options, ...changes }))
      watchChanges()
    },
  }
  const watchChanges = (): void => {
    const { workspace } = session
    workspace.onChange = (change, changed) =>
      session.watcher.change?.(describeChange(workspace, change, changed, session.serving))
  }
  watchChanges()
  return session
}

function begin(options: IntercomEmulatorOptions): Omit<Session, 'route' | 'reset' | 'watcher' | 'serving'> {
  const settings = settle(options)
  const workspace = createWorkspace(settings)
  plantSeed(workspace)
  return {
    options,
    workspace,
    tokens: createTokens(settings.tokens),
    rate: createRate(settings),
    faults: createFaults(),
    log: createRequestLog(),
    planRestricted: false,
  }
}
