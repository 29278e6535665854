import type { TestContext } from 'node:test'
import type { Activation } from '../../engine/activation.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { planActivation, type PlanReport } from '../../engine/plan-activation.ts'
import type { Ports } from '../../engine/ports.ts'
import { runActivation } from '../../engine/run.ts'
import { undoRun } from '../../engine/undo.ts'
import { verifyActivation } from '../../engine/verify.ts'
import { emulators } from '../../targets/emulators.gen.ts'
import type { Cell } from '../../model/row.ts'
import { findRun } from '../../store/runs/runs.ts'
import { intercomActivation, quietPorts } from '../harness/intercom-activation.ts'
import { simulateWarehouse, type SimulatedWarehouse } from '../simulated/simulated-warehouse.ts'
import { testDatabase, type TestDatabase } from '../harness/test-database.ts'
import { emptyDatabase, leaveUncleaned, letDatabaseTimePass } from '../harness/time-machine.ts'

export type Intercom = Awaited<ReturnType<Awaited<ReturnType<typeof emulators.intercom>>['startIntercomEmulator']>>
export type LinkObject = 'contact_tag' | 'company_tag' | 'contact_company'

/** One of several Activations that write to the same account. */
export interface AccountActivation {
  readonly name: string
  readonly object: LinkObject
  readonly behavior: 'mirror' | 'attach' | 'detach'
  /** Identifiers to find target records by, in this order. */
  readonly by: readonly string[]
  /** Names of tags or company_ids, or `column`: each row names its groups in the column `groups`. */
  readonly groups: readonly string[] | 'column'
  readonly delivery?: 'batch' | 'single'
  readonly ownership?: Activation['ownership']
  readonly adopts?: string
  readonly drift?: Activation['drift']
  /** Creates missing tags. */
  readonly createTag?: boolean
}

/** A row of a query: one cell per identifier, and the names of its groups. */
export interface AccountRow {
  readonly id?: string | undefined
  readonly external_id?: string | undefined
  readonly email?: string | undefined
  readonly company_id?: string | undefined
  readonly groups?: readonly string[]
}

export interface OpenActivation {
  readonly spec: AccountActivation
  readonly activation: Activation
  readonly warehouse: SimulatedWarehouse
  /** Sets the rows that its query returns. */
  answer(rows: readonly AccountRow[]): void
}

/** One Intercom account over HTTP, one control database, and the Activations that share them. */
export interface SharedAccount {
  readonly intercom: Intercom
  readonly world: Intercom['world']
  readonly database: TestDatabase
  readonly ports: Ports
  open(spec: AccountActivation): Promise<OpenActivation>
  run(opened: OpenActivation, rows?: readonly AccountRow[]): Promise<RunReport>
  /** Returns the plan's report. Writes nothing. */
  plan(opened: OpenActivation, rows?: readonly AccountRow[]): Promise<PlanReport>
  undo(opened: OpenActivation, run: number): Promise<RunReport | undefined>
  verify(opened: OpenActivation, repair?: boolean): ReturnType<typeof verifyActivation>
  /** Moves the time of the control database, the account and its index. */
  letTimePass(ms: number): Promise<void>
  /** Restores the account to its start and empties the control database. */
  reset(): Promise<void>
}

export const minute = 60_000
export const day = 24 * 60 * minute

/** Vacuum a database after this many resets. A vacuum after each reset takes an eighth of the total time. */
const resetsUntilCleaned = 100

/** Lag of lists and searches: more than two minutes, and less than the lag that the engine assumes. */
const accountLagMs = 8 * minute

const columns = ['id', 'external_id', 'email', 'company_id', 'groups'] as const

export const contactOf = (
  at: number,
): { readonly id: string; readonly external_id: string; readonly email: string } => ({
  id: `c${at}`,
  external_id: `x${at}`,
  email: `p${at}@acme.test`,
})
export const companyOf = (at: number): { readonly id: string; readonly company_id: string } => ({
  id: `intercom-k${at}`,
  company_id: `k${at}`,
})

export async function openSharedAccount(
  t?: TestContext,
  size: { readonly contacts?: number; readonly companies?: number } = {},
): Promise<SharedAccount> {
  const { startIntercomEmulator } = await emulators.intercom()
  const at = (most: number) => Array.from({ length: most }, (_, index) => index + 1)
  const start = {
    contacts: at(size.contacts ?? 6).map(contactOf),
    companies: at(size.companies ?? 5).map(companyOf),
    conversations: 0,
    limit: 1_000_000,
    indexLagMs: accountLagMs,
    tags: ['Red', 'Blue', 'Green'],
  }
  const database = await testDatabase(t)
  await leaveUncleaned(database.pool)
  const intercom = await startIntercomEmulator(start)
  t?.after(() => intercom.close())
  const ports = quietPorts(database.pool)
  let resets = 0
  return {
    intercom,
    world: intercom.world,
    database,
    ports,
    open: (spec) => open(intercom, spec),
    async run(opened, rows) {
      if (rows !== undefined) opened.answer(rows)
      return await runActivation(opened.activation, ports, { allow: ['empty'] })
    },
    async plan(opened, rows) {
      if (rows !== undefined) opened.answer(rows)
      return await planActivation(opened.activation, ports, { allow: ['empty'] }, ({ report }) =>
        Promise.resolve(report),
      )
    },
    async undo({ activation }, id) {
      const undone = await findRun(database.pool, id)
      if (undone === undefined) throw new Error(`there is no Run ${id} to take back`)
      return await undoRun(activation, ports, undone, () => Promise.resolve(true))
    },
    verify: (opened, repair = false) => verifyActivation(opened.activation, ports, { repair }),
    async letTimePass(ms) {
      intercom.world.letTimePass(ms)
      await letDatabaseTimePass(database.pool, ms)
    },
    async reset() {
      intercom.reset()
      await emptyDatabase(database.pool)
      resets += 1
      if (resets % resetsUntilCleaned === 0) await database.pool.query('vacuum')
    },
  }
}

async function open(intercom: Intercom, spec: AccountActivation): Promise<OpenActivation> {
  const {
    name,
    object,
    behavior,
    by: [first = 'id', ...rest],
    groups,
    delivery = 'batch',
    ownership = 'respect',
    adopts,
    drift,
    createTag = false,
  } = spec
  const warehouse = simulateWarehouse(columns)
  const named = groups === 'column' ? { column: 'groups', delimiter: '|' } : groups
  const activation = await intercomActivation(intercom, {
    name,
    object,
    behavior,
    warehouse,
    concurrency: 5,
    identifier: { field: first, column: first },
    settings: object === 'contact_company' ? { companies: named } : { tags: named, delivery, createTag },
    more: {
      ownership,
      ...(rest.length > 0 && { fallbacks: rest.map((field) => ({ field, column: field })) }),
      ...(adopts !== undefined && { adopts }),
      ...(drift !== undefined && { drift }),
    },
  })
  return {
    spec,
    activation,
    warehouse,
    answer(rows) {
      warehouse.rows = rows.map((row): readonly Cell[] =>
        columns.map((column) => (column === 'groups' ? emptyToNull(row.groups?.join('|')) : (row[column] ?? null))),
      )
    },
  }
}

function emptyToNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text
}
