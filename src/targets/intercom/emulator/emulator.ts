import type { Fault, FaultRule } from '../../../emulator-kit/faults.ts'
import type { WindowCount } from '../../../emulator-kit/fixed-window.ts'
import type { LoggedRequest, RequestCounters } from '../../../emulator-kit/request-log.ts'
import type { IntercomEmulatorOptions } from './options.ts'
import type { Watcher } from './watcher.ts'
import type { World } from './world.ts'

/** What a running emulator can show and do besides its API. The paths under `/_emulator/` do the same. */
export interface Powers {
  /** The first of the options' tokens: `emulator-token` by default. */
  readonly token: string
  /** The workspace, to inspect and to change by hand. The object stays the same after a reset. */
  readonly world: World
  readonly faults: {
    add(rule: FaultRule): Fault
    remove(id: number): boolean
    clear(): void
    list(): readonly Fault[]
  }
  readonly requests: {
    counters(): RequestCounters
    /** The latest 10,000, oldest first. */
    latest(): LoggedRequest[]
    /** Authenticated requests per 10-second window, oldest first. */
    windows(): readonly WindowCount[]
    clear(): void
  }
  /** Sets the watcher, which is called for each event as it happens. There is only one; it stays after a reset. */
  watch(watcher: Watcher): void
  /** Tokens are named by their text (default: `token`). */
  revokeToken(token?: string): void
  restoreToken(token?: string): void
  setScopes(scopes: readonly string[] | 'all', token?: string): void
  /** With `true`, every call is rejected with `api_plan_restricted`. */
  restrictPlan(restricted: boolean): void
  /**
   * Resets to the seed, without faults and with an empty log. `changes`: options that apply from now on, except port
   * and host.
   */
  reset(changes?: IntercomEmulatorOptions): void
}

export interface IntercomEmulator extends Powers {
  /** Base URL, e.g. `http://127.0.0.1:4010`. */
  readonly url: string
  close(): Promise<void>
}
