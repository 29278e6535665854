import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { RunReport } from '../../engine/run-report.ts'
import type { PlanReport } from '../../engine/plan-activation.ts'
import { mortalPool } from '../failures/cut-pools.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { runAndDie } from '../failures/run-and-die.ts'
import {
  companyOf,
  contactOf,
  openSharedAccount,
  type AccountActivation,
  type AccountRow,
  type OpenActivation,
  type SharedAccount,
} from './shared-account.ts'

/** The ways in which Activations identify target records and groups. */
export const links = {
  'contact tags by id': { object: 'contact_tag', by: ['id'] },
  'contact tags by email': { object: 'contact_tag', by: ['email'] },
  'contact tags by external_id': { object: 'contact_tag', by: ['external_id'] },
  'contact tags by a list': { object: 'contact_tag', by: ['external_id', 'email'] },
  'contact tags from a column': { object: 'contact_tag', by: ['id'], groups: 'column' },
  'contact tags by a list from a column': { object: 'contact_tag', by: ['external_id', 'email'], groups: 'column' },
  'company tags by id': { object: 'company_tag', by: ['id'] },
  'company tags by company_id': { object: 'company_tag', by: ['company_id'] },
  'company tags by a list': { object: 'company_tag', by: ['company_id', 'id'] },
  'company tags from a column': { object: 'company_tag', by: ['company_id'], groups: 'column' },
  'companies of contacts': { object: 'contact_company', by: ['id'] },
  'companies of contacts by email': { object: 'contact_company', by: ['email'] },
  'companies of contacts by a list': { object: 'contact_company', by: ['external_id', 'email'] },
  'companies from a column': { object: 'contact_company', by: ['external_id'], groups: 'column' },
} as const satisfies Readonly<Record<string, Pick<AccountActivation, 'object' | 'by'> & { readonly groups?: 'column' }>>

export type LinkKind = keyof typeof links

/** One Activation of a test, with its object and its one group. */
export interface Opened extends OpenActivation {
  readonly group: string
  readonly kind: 'contact' | 'company'
}

export type Terms = Partial<Omit<AccountActivation, 'object' | 'by' | 'groups'>> & {
  readonly name: string
  readonly group: 0 | 1
}

/** A row for the target record with this number. By default it has all identifiers of the Activation. */
export type Named = number | ({ readonly at: number } & Partial<AccountRow>)

export interface LinkHarness {
  readonly account: SharedAccount
  open(kind: LinkKind, terms: Terms): Promise<Opened>
  /** Sets the rows that its query returns. */
  answer(opened: Opened, rows: readonly Named[]): void
  run(opened: Opened, rows?: readonly Named[]): Promise<RunReport>
  plan(opened: Opened, rows?: readonly Named[]): Promise<PlanReport>
  undo(opened: Opened, run: number): Promise<RunReport | undefined>
  /** Kills the process at this write of the Run: after the write was applied, before its reply arrives. */
  runAndDie(opened: Opened, rows: readonly Named[], at: { readonly atWrite: number }): Promise<void>
  letTimePass(ms: number): Promise<void>
  /** Calls `act` at each of Tailrace's writes, until `end`. */
  everyChange(act: () => void): { end(): void }
  byHand(opened: Opened, at: number, what?: 'put' | 'take off', adminId?: string): void
  /** Numbers of the target records in the Activation's group. */
  holders(opened: Opened): number[]
}

/** One account for the tests of one file. Each test starts with a fresh account. */
export async function onSharedAccount(
  after: (end: () => Promise<void>) => void,
): Promise<{ readonly world: SharedAccount['world']; begin(t: TestContext): Promise<LinkHarness> }> {
  const account = await openSharedAccount()
  after(async () => {
    await account.intercom.close()
    await account.database.close()
  })
  return {
    world: account.world,
    async begin(t) {
      await account.reset()
      t.after(() => {
        const { pool } = account.database
        assert.equal(pool.totalCount - pool.idleCount, 0, 'connections to the control database were not given back')
      })
      return harness(account)
    },
  }
}

function harness(account: SharedAccount): LinkHarness {
  const { world, intercom, database } = account
  return {
    account,
    async open(kind, { group, ...terms }) {
      const { object, by } = links[kind]
      const name = object === 'contact_company' ? companyOf(group + 1).company_id : group === 0 ? 'Red' : 'Blue'
      const opened = await account.open({
        behavior: 'mirror',
        object,
        by,
        groups: 'groups' in links[kind] ? 'column' : [name],
        ...terms,
      })
      return { ...opened, group: name, kind: object === 'company_tag' ? 'company' : 'contact' }
    },
    answer: (opened, rows) => opened.answer(rows.map((row) => rowOf(opened, row))),
    async run(opened, rows) {
      const report = await account.run(
        opened,
        rows?.map((row) => rowOf(opened, row)),
      )
      assert.equal(report.fault, undefined, report.fault?.message)
      return report
    },
    plan: (opened, rows) =>
      account.plan(
        opened,
        rows?.map((row) => rowOf(opened, row)),
      ),
    undo: (opened, run) => account.undo(opened, run),
    async runAndDie(opened, rows, { atWrite }) {
      opened.answer(rows.map((row) => rowOf(opened, row)))
      const mortal = mortalPool(database.url, 'tailrace')
      const abort = new AbortController()
      let writes = 0
      intercom.watch({
        change({ requestId }) {
          if (requestId === undefined || ++writes < atWrite) return
          mortal.kill()
          abort.abort()
        },
      })
      try {
        await runAndDie(opened.activation, { ...quietPorts(database.pool), abort: abort.signal }, mortal)
      } finally {
        intercom.watch({})
      }
    },
    letTimePass: (ms) => account.letTimePass(ms),
    everyChange(act) {
      let acts = false
      intercom.watch({
        change() {
          if (acts) return
          acts = true
          act()
          acts = false
        },
      })
      return { end: () => intercom.watch({}) }
    },
    byHand({ spec: { object }, group, kind }, at, what = 'put', adminId) {
      if (object === 'contact_company') world[what === 'put' ? 'join' : 'leave'](contactOf(at).id, group)
      else if (what === 'put') world.attach(kind, idOf(kind, at), group, adminId === undefined ? {} : { adminId })
      else world.detach(kind, idOf(kind, at), group)
    },
    holders({ spec: { object }, group, kind }) {
      if (object !== 'contact_company') return world.members(group, kind).map(numberOf).toSorted()
      const company = world.company(group)?.id ?? ''
      return [1, 2, 3, 4, 5, 6].filter((at) => world.companiesOf(contactOf(at).id).includes(company))
    },
  }
}

function idOf(kind: 'contact' | 'company', at: number): string {
  return kind === 'contact' ? contactOf(at).id : companyOf(at).id
}

function numberOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0])
}

function rowOf({ spec: { by, groups }, kind, group }: Opened, row: Named): AccountRow {
  const { at, ...own } = typeof row === 'number' ? { at: row } : row
  const cells: Readonly<Record<string, string>> = kind === 'contact' ? contactOf(at) : companyOf(at)
  return {
    ...Object.fromEntries(by.map((field) => [field, cells[field]])),
    ...(groups === 'column' && { groups: [group] }),
    ...own,
  }
}
