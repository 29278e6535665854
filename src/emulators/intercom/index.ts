import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createControl } from './control/control.ts'
import type { IntercomEmulator, Powers } from './emulator.ts'
import type { FaultRule } from './http/faults.ts'
import { createApiServer } from './http/server.ts'
import { settle, type IntercomEmulatorOptions } from './options.ts'
import { createSession } from './session.ts'
import type { Watcher } from './watcher.ts'
import { createWorld } from './world.ts'

export { companyId, companyIntercomId, companyName, contactEmail, contactId, externalId, ticketId } from './ids.ts'
export type { IntercomEmulator } from './emulator.ts'
export type {
  CompanySeed,
  ContactSeed,
  ConversationSeed,
  IntercomEmulatorOptions,
  TaggedSeed,
  TokenSeed,
} from './options.ts'
export type { Effect, Fault, FaultRule } from './http/faults.ts'
export type { LoggedRequest, RequestCounters } from './http/request-log.ts'
export type { WindowCount } from './http/rate.ts'
export { allScopes } from './options.ts'
export { seededAttributes, type AttributeModel, type AttributeSeed, type AttributeType } from './options.ts'
export { admins } from './state/admins.ts'
export type { Watcher, WorldChange } from './watcher.ts'
export type { Kind, World, WorldSummary } from './world.ts'
export type { CompanySeen, ContactName, ContactSeen, WorldRecords } from './world-records.ts'

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

  const server = createApiServer(session, createControl(powers))
  const { port, host } = settle(options)
  server.listen(port, host)
  await once(server, 'listening')
  return {
    ...powers,
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
