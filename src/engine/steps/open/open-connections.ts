import type { Account, Resolved, Listing } from '../../../connect/target.ts'
import type { Io, Memory, MemoryScope } from '../../../connect/io.ts'
import type { WarehouseSession } from '../../../connect/warehouse.ts'
import type { Field } from '../../../model/field.ts'
import type { Column } from '../../../model/row.ts'
import { recall, remember } from '../../../store/project/remembered-facts.ts'
import type { Activation } from '../../activation.ts'
import { checkQuery } from '../read/check-query.ts'
import { withDatabaseFaults } from '../../faults/database-faults.ts'
import type { LockCertainty } from '../../run-context.ts'
import { createHttpClient } from '../../../http/http-client.ts'
import type { HttpClient } from '../../../http/http-client-contract.ts'
import type { Ports } from '../../ports.ts'
import { shareAccount } from '../../../http/shared-budget/share-account.ts'
import { watchClock, type TargetClock } from './target-clock.ts'

export interface TargetLink {
  readonly client: HttpClient
  readonly io: Io
  readonly account: Account
  readonly resolved: Resolved<unknown>
  readonly clock: Pick<TargetClock, 'now'>
  /** Epoch milliseconds. */
  readonly resolvedAt: number
  readonly listing: Listing | undefined
  /** The object's Fields as the Target lists them now. Empty if it has none. */
  readonly fields: readonly Field[]
}

/** Groups that were resolved within this time are not resolved again before the first write. */
const freshMs = 5000

/** Whether the groups were resolved just now. */
export function isFresh({ resolvedAt }: TargetLink, now: number): boolean {
  return now - resolvedAt < freshMs
}

export interface WarehouseLink {
  readonly session: WarehouseSession
  readonly columns: readonly Column[]
}

/** Connects to the Warehouse, and checks that the query has the mapped columns. */
export async function openWarehouse(activation: Activation, ports: Ports, signal: AbortSignal): Promise<WarehouseLink> {
  const { spec, config } = activation.warehouse
  const session = await spec.open(config, { baseDir: activation.baseDir, log: ports.log, signal })
  try {
    const columns = await session.columns(activation.query)
    checkQuery(activation, columns)
    return { session, columns }
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Connects to the Target, identifies the account, and resolves what the settings name. Changes nothing there. */
export async function openTarget(
  activation: Activation,
  ports: Ports,
  options: { activationId: number | undefined; signal: AbortSignal; deadline: number; lock?: LockCertainty },
): Promise<TargetLink> {
  const { spec, config, secrets } = activation.target
  const policy = spec.http(config)
  const client = createHttpClient({
    policy,
    secrets,
    signal: options.signal,
    stop: ports.stop,
    deadline: options.deadline,
    ...(options.lock && { lock: options.lock }),
    now: ports.now,
    random: ports.random,
    log: ports.log,
    ...(ports.proxies && { proxies: ports.proxies }),
    ...(ports.tokens && { tokens: ports.tokens }),
  })
  try {
    const clock = watchClock((request) => client.send(request), ports.now)
    const bare = { config, http: clock, log: ports.log, signal: options.signal }
    const known = await shareAccount(client, spec.id, policy, ports)
    const account = await spec.identify({ ...bare, memory: forgetful })
    await known(account.accountId)
    const io: Io = { ...bare, memory: memoryOf(ports, `${spec.id}/${account.accountId}`, options.activationId) }
    const [resolved, fields] = await Promise.all([
      activation.object.resolve(io, activation.settings),
      activation.object.fields?.list(io) ?? [],
    ])
    return { client, io, clock, account, resolved, resolvedAt: ports.now(), listing: activation.object.listing, fields }
  } catch (error) {
    await client.close()
    throw error
  }
}

const forgetful: Memory = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
}

/**
 * Values that a connector keeps between Runs. Errors of the control database become Faults; otherwise they would count
 * as errors of the connector.
 */
function memoryOf(ports: Ports, account: string, activationId: number | undefined): Memory {
  const place = (scope: MemoryScope) =>
    scope === 'connection'
      ? `connection:${account}`
      : activationId === undefined
        ? undefined
        : `activation:${activationId}`
  return {
    async get(scope, name) {
      const where = place(scope)
      return where === undefined
        ? undefined
        : await withDatabaseFaults(ports.database, () => recall(ports.database, where, name))
    },
    async set(scope, name, value) {
      const where = place(scope)
      if (where !== undefined)
        await withDatabaseFaults(ports.database, () => remember(ports.database, where, name, value))
    },
  }
}
