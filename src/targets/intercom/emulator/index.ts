export { emulator } from './command.ts'
export { startIntercomEmulator } from './start.ts'
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
export type { Effect, Fault, FaultRule } from '../../../emulator-kit/faults.ts'
export type { LoggedRequest, RequestCounters } from '../../../emulator-kit/request-log.ts'
export type { WindowCount } from '../../../emulator-kit/fixed-window.ts'
export { allScopes } from './options.ts'
export { seededAttributes, type AttributeModel, type AttributeSeed, type AttributeType } from './options.ts'
export { admins } from './state/admins.ts'
export type { Watcher, WorldChange } from './watcher.ts'
export type { Kind, World, WorldSummary } from './world.ts'
export type { CompanySeen, ContactName, ContactSeen, WorldRecords } from './world-records.ts'
