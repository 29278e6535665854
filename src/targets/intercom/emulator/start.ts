import { listen } from '../../../emulator-kit/emulator.ts'
import { createControl } from '../../../emulator-kit/control.ts'
import { controlPaths } from './control/control.ts'
import type { IntercomEmulator, Powers } from './emulator.ts'
import type { FaultRule } from '../../../emulator-kit/faults.ts'
import { createIntercomServer } from './http/server.ts'
import { settle, type IntercomEmulatorOptions } from './options.ts'
import { createSession } from './session.ts'
import type { Watcher } from './watcher.ts'
import { createWorld } from './world.ts'

/** Starts a local Intercom on 127.0.0.1. See README.md in this folder. */
export async function startIntercomEmulator(options: IntercomEmulatorOptions = {}): Promise<IntercomEmulator> {
  const session = createSession(options)
  const world = createWorld(session)
  const token = Object.keys(session.workspace.settings.tokens)[0]
  if (token === undefined) throw new Error('the emulator needs at least one token')
  const powers: Powers = {
    token,
    world,
    faults: {
      add: (rule: FaultRule) => session.faults.add(rule),
      remove: (id: number) => session.faults.remove(id),
      clear: () => session.faults.clear(),
      list: () => session.faults.list(),
    },
    requests: {
      counters: () => session.log.counters(),
      latest: () => session.log.latest(),
      windows: () => session.rate.windows(),
      clear: () => session.log.clear(),
    },
    watch(watcher: Watcher) {
      session.watcher = watcher
    },
    revokeToken(of = token) {
      session.tokens.get(of).revoked = true
    },
    restoreToken(of = token) {
      session.tokens.get(of).revoked = false
    },
    setScopes(scopes: readonly string[] | 'all', of = token) {
      session.tokens.get(of).scopes = scopes === 'all' ? 'all' : new Set(scopes)
    },
    restrictPlan(restricted: boolean) {
      session.planRestricted = restricted
    },
    reset: (changes?: IntercomEmulatorOptions) => session.reset(changes),
  }

  const { port, host } = settle(options)
  return {
    ...powers,
    ...(await listen(createIntercomServer(session, createControl(controlPaths(session, powers))), { port, host })),
  }
}
