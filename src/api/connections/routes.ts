import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'
import type { TailraceConfig } from '../../config/config.ts'
import type { TargetSpec, Right } from '../../connect/target.ts'
import type { Warehouse } from '../../connect/warehouse.ts'
import { assembleTarget, assembleWarehouse } from '../../assemble.ts'
import { showLimits, type ShownLimit } from '../../http/reported-limits.ts'
import { Fault } from '../../model/fault.ts'
import {
  activationsUsing,
  findEntry,
  listEntries,
  saveHealth,
  type ProjectEntry,
} from '../../store/project/project-entries.ts'
import { checkPorts } from '../engine-ports.ts'
import { afterText, cursorIn, cursorOf, page } from '../cursor.ts'
import { mount } from '../mount.ts'
import type { ConnectionSection } from '../project/saved-project.ts'
import type { Services } from '../services.ts'
import { readLimitUse } from './limit-use.ts'
import { connectorSchema } from './show-connector.ts'
import { sqlLanguageOf } from './sql-language.ts'
import {
  createConnection,
  deleteConnection,
  listConnections,
  listConnectorTypes,
  readConnection,
  testConnection,
  updateConnection,
} from './contract.ts'
import { showConnection, troubleFrom } from './show-connection.ts'
import type { Connection } from '../../engine/activation.ts'
import type { Notice } from '../../model/notice.ts'
import { checkTarget, checkWarehouse, type CheckPorts } from '../../engine/check.ts'

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    project,
    runs,
  } = services
  const { connectors } = project

  const show = async (kind: ConnectionSection, entry: ProjectEntry) => {
    const [users, limits] = await Promise.all([
      activationsUsing(pool, kind, [entry.name]),
      kind === 'targets' ? readLimitUse(services, [entry]) : undefined,
    ])
    return showConnection(entry, users.get(entry.name) ?? [], limits?.get(entry.name) ?? [])
  }
  const attempt = async (
    kind: ConnectionSection,
    config: TailraceConfig,
    name: string,
    signal: AbortSignal,
  ): Promise<Tried> =>
    kind === 'warehouses'
      ? await tryWarehouse(await assembleWarehouse(config, name, connectors), config.dir, checkPorts(services, signal))
      : await tryTarget(await assembleTarget(config, name, connectors), checkPorts(services, signal))

  mount(app, services, listConnectorTypes, async ({ params: { kind } }) => {
    const ids = kind === 'warehouses' ? connectors.warehouseTypes : connectors.targetTypes
    const specs = await Promise.all(
      ids.map((id): Promise<Warehouse | TargetSpec | undefined> =>
        kind === 'warehouses' ? connectors.warehouse(id) : connectors.target(id),
      ),
    )
    return {
      items: specs
        .filter((spec) => spec !== undefined)
        .map((spec) => ({
          type: spec.id,
          name: spec.name,
          schema: connectorSchema(spec.config),
          sql: 'sql' in spec ? sqlLanguageOf(spec.sql) : null,
        })),
    }
  })

  mount(app, services, listConnections, async ({ params: { kind }, query: { cursor, limit, search } }) => {
    const rows = await listEntries(pool, kind, { search, after: cursorIn(kind, cursor, afterText), limit: limit + 1 })
    const [users, limits] = await Promise.all([
      activationsUsing(
        pool,
        kind,
        rows.map(({ name }) => name),
      ),
      kind === 'targets' ? readLimitUse(services, rows) : undefined,
    ])
    return page(
      rows,
      limit,
      (entry) => showConnection(entry, users.get(entry.name) ?? [], limits?.get(entry.name) ?? []),
      ({ name }) => cursorOf(kind, name),
    )
  })

  mount(
    app,
    services,
    readConnection,
    async ({ params: { kind, name } }) => await show(kind, await project.read(kind, name)),
  )

  mount(
    app,
    services,
    createConnection,
    async ({ params: { kind }, body: { name, type, config, untested }, signal }) => {
      let tried: Tried | undefined
      const entry = await project.create({ section: kind, name, body: { type, ...config } }, async (valid) => {
        if (!untested) tried = await attempt(kind, valid, name, signal)
      })
      if (tried !== undefined) await saveHealth(pool, kind, name, null, tried.accountId)
      return await show(kind, tried === undefined ? entry : await project.read(kind, name))
    },
  )

  mount(
    app,
    services,
    updateConnection,
    async ({ params: { kind, name }, body: { type, config, untested }, revision, signal }) => {
      let tried: Tried | undefined
      await project.update({ section: kind, name, body: { type, ...config } }, revision, async (valid) => {
        if (!untested) tried = await attempt(kind, valid, name, signal)
      })
      if (tried !== undefined) await saveHealth(pool, kind, name, null, tried.accountId)
      const entry = await project.read(kind, name)
      const shown = await show(kind, entry)
      runs.changed(shown.usedBy)
      return shown
    },
  )

  mount(app, services, deleteConnection, async ({ params: { kind, name }, revision }) => {
    await project.remove(kind, name, revision)
    return { ok: true as const }
  })

  mount(app, services, testConnection, async ({ params: { kind }, body: { name, type, config }, signal }) => {
    const body = { type, ...config }
    const saved = name === undefined ? undefined : await findEntry(pool, kind, name)
    const valid = await project.draftConnection(kind, { name, body })
    // The result also applies to the saved Connection if the draft is identical to it.
    const save = async (fault: Fault | null, accountId: string | null) => {
      if (saved !== undefined && isDeepStrictEqual(saved.body, body))
        await saveHealth(pool, kind, saved.name, fault && troubleFrom(fault, services.redact), accountId)
    }
    try {
      const { accountId, version, account, user, rights, limits, notices } = await attempt(
        kind,
        valid,
        name ?? 'draft',
        signal,
      )
      await save(null, accountId)
      return {
        ok: true,
        version,
        account,
        user,
        rights: rights.map(({ advice = null, neededFor, ...right }) => ({
          ...right,
          advice,
          neededFor: [...neededFor],
        })),
        limits: [...limits],
        notices: [...notices],
        problem: null,
      }
    } catch (error) {
      if (!Fault.is(error) || error.kind === 'bug' || error.kind === 'cancelled') throw error
      await save(error, null)
      return {
        ok: false,
        version: null,
        account: null,
        user: null,
        rights: [],
        limits: [],
        notices: [],
        problem: troubleFrom(error, services.redact),
      }
    }
  })
}

/** What a successful connection test reports. */
interface Tried {
  readonly version: string | null
  readonly account: string | null
  readonly accountId: string | null
  readonly user: string | null
  readonly rights: readonly Right[]
  readonly limits: readonly ShownLimit[]
  readonly notices: readonly Notice[]
}

/** Connects, checks and disconnects. Throws a Fault if it cannot connect. */
async function tryWarehouse(connection: Connection<Warehouse>, dir: string, ports: CheckPorts): Promise<Tried> {
  const { session, product, version, rights, notices } = await checkWarehouse(connection, dir, ports)
  await session.close()
  return {
    version: `${product} ${version}`,
    account: null,
    accountId: null,
    user: null,
    rights: rights.map(({ grant, ...right }) => ({
      ...right,
      neededFor: [],
      ...(grant !== undefined && { advice: grant }),
    })),
    limits: [],
    notices,
  }
}

async function tryTarget(connection: Connection<TargetSpec>, ports: CheckPorts): Promise<Tried> {
  const {
    client,
    as: { account, accountId, user, rights },
  } = await checkTarget(connection, ports)
  const limits = showLimits(client.limits)
  await client.close()
  return { version: null, account, accountId, user, rights, limits, notices: [] }
}
