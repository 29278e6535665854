import type { FastifyInstance } from 'fastify'
import type { WarehouseSession } from '../../connect/warehouse.ts'
import { openPatiently } from '../../engine/steps/open/patient-session.ts'
import { Fault } from '../../model/fault.ts'
import type { Column, Row } from '../../model/row.ts'
import { saveHealth } from '../../store/project/project-entries.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { previewQuery, readSchema } from './contract.ts'
import { troubleFrom } from './show-connection.ts'

export function routes(app: FastifyInstance, services: Services): void {
  mount(
    app,
    services,
    readSchema,
    async ({ params: { name }, signal }) =>
      await withWarehouse(services, name, signal, async (session) => {
        const { tables, truncated } = await session.schema()
        return { tables: tables.map((table) => ({ ...table, columns: [...table.columns] })), truncated }
      }),
  )

  mount(
    app,
    services,
    previewQuery,
    async ({ params: { name }, body: { query, rows: wanted }, signal }) =>
      await withWarehouse(services, name, signal, async (session) => {
        try {
          const columns = await session.columns(query)
          const rows =
            wanted === 0 || columns.length === 0 ? [] : await firstRows(session, query, columns, wanted, signal)
          return { columns: [...columns], rows: rows.map((row) => [...row]), problem: null }
        } catch (error) {
          // An invalid query is a normal answer here; a failing Warehouse is an error.
          if (!Fault.is(error) || error.kind === 'bug' || error.kind === 'transient' || error.kind === 'cancelled')
            throw error
          return {
            columns: [],
            rows: [],
            problem: {
              ...troubleFrom(error, services.redact),
              line: error.at?.line ?? null,
              column: error.at?.column ?? null,
            },
          }
        }
      }),
  )
}

/** Opens a saved Warehouse for one request, and saves the result as its health. */
export async function withWarehouse<T>(
  { project, database: { pool }, log, redact }: Services,
  name: string,
  signal: AbortSignal,
  work: (session: WarehouseSession) => Promise<T>,
): Promise<T> {
  const connection = await project.connection('warehouses', name)
  let session
  try {
    session = await openPatiently(connection, { baseDir: project.dir, log, signal })
  } catch (error) {
    if (Fault.is(error)) await saveHealth(pool, 'warehouses', name, troubleFrom(error, redact))
    throw error
  }
  try {
    const done = await work(session)
    await saveHealth(pool, 'warehouses', name, null)
    return done
  } finally {
    await session.close()
  }
}

/** Returns after the first page, which cancels the rest of the query in the Warehouse. */
async function firstRows(
  session: WarehouseSession,
  query: string,
  columns: readonly Column[],
  wanted: number,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  for await (const page of session.read(query, { columns: columns.map(({ name }) => name), pageSize: wanted, signal }))
    return page
  return []
}
