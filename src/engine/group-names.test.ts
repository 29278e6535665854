import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { day } from '../testing/shared-account/shared-account.ts'
import { emptyDatabase, letDatabaseTimePass } from '../testing/harness/time-machine.ts'
import { planActivation } from './plan-activation.ts'
import { runActivation } from './run.ts'
import { undoRun } from './undo.ts'
import { findRun } from '../store/runs/runs.ts'
import { verifyActivation } from './verify.ts'

/** Names of groups that hold what a text of several might be cut at, or that could be taken for another's id. */
const oddNames = [
  'Acme, Inc',
  'a,b',
  ',',
  'a|b',
  'a;b',
  'name:vip',
  'absent:k1',
  'id',
  '{}',
  '{"a":1}',
  '"quoted"',
  "o'brien",
  'a\\b',
  'a b',
  'ÄÖ',
  '0',
  'null',
  'intercom-k2',
  '101',
  'x, 102',
  '%2C',
  'a/b',
  'new\nline',
]
const { startIntercomEmulator, contactId } = await emulators.intercom()
const database = await testDatabase()
const ports = quietPorts(database.pool)
const companies = [
  { id: 'intercom-k1', company_id: 'k1' },
  { id: 'intercom-k2', company_id: 'k2' },
  ...oddNames.map((company_id, at) => ({ id: `intercom-odd-${at}`, company_id })),
]
const contacts = oddNames
  .map((_, at) => at + 1)
  .map((at) => ({ id: `c${at}`, external_id: `x${at}`, email: `p${at}@acme.test` }))
const intercom = await startIntercomEmulator({ contacts, companies, conversations: 0, limit: 1_000_000 })
const { world } = intercom
after(async () => {
  await intercom.close()
  await database.close()
})

const objects = {
  contact_tag: {
    targetRecord: 'c1',
    second: 'c2',
    setting: 'tags',
    has: (targetRecord: string) => world.tagsOn('contact', targetRecord),
  },
  company_tag: {
    targetRecord: 'intercom-k1',
    second: 'intercom-k2',
    setting: 'tags',
    has: (targetRecord: string) => world.tagsOn('company', targetRecord),
  },
  contact_company: {
    targetRecord: 'c1',
    second: 'c2',
    setting: 'companies',
    has: (targetRecord: string) => world.companiesOf(targetRecord).map((id) => world.company(id)?.company_id ?? id),
  },
} as const
type Links = keyof typeof objects

async function begin(object: Links, groups: readonly string[] | 'an array' | 'a text', behavior = 'mirror') {
  intercom.reset()
  await emptyDatabase(database.pool)
  const { setting } = objects[object]
  const warehouse = simulateWarehouse(['id', ['groups', groups === 'an array' ? 'array' : 'text']])
  const named = typeof groups === 'string' ? { column: 'groups' } : groups
  const activation = await intercomActivation(intercom, {
    name: 'one',
    object,
    behavior,
    warehouse,
    settings: { [setting]: named, ...(setting === 'tags' && { createTag: true }) },
  })
  const report = async () => {
    const ended = await runActivation(activation, ports, { allow: ['empty', 'create'] })
    assert.equal(ended.fault, undefined, ended.fault?.message)
    return ended
  }
  return {
    warehouse,
    run: report,
    plan: () =>
      planActivation(activation, ports, { allow: ['empty', 'create'] }, (plan) => Promise.resolve(plan.report)),
    verify: async () => (await verifyActivation(activation, ports, { repair: false }))?.verified,
    async undo(run: number) {
      const undone = await findRun(database.pool, run)
      return undone && (await undoRun(activation, ports, undone, () => Promise.resolve(true)))
    },
  }
}

for (const [object, { targetRecord, second, has }] of Object.entries(objects) as [Links, (typeof objects)[Links]][]) {
  const names = oddNames.filter((name) => object === 'contact_company' || !name.includes('\n'))
  const on = (of: string) => has(of).toSorted()
  test(`${object} with odd names of groups in the settings: each is put on, in place, taken back, taken off`, async () => {
    const all = names.toSorted()
    const s = await begin(object, names)
    s.warehouse.rows = [[targetRecord, null]]
    const first = await s.run()
    assert.deepEqual([first.counts.rejected, on(targetRecord)], [0, all])
    assert.deepEqual(
      [(await s.run()).requests.write, await s.verify()],
      [0, { confirmed: all.length, pending: 0, missing: 0 }],
    )
    await s.undo(first.run)
    assert.deepEqual(has(targetRecord), [])
    await s.run()
    assert.deepEqual(on(targetRecord), all)
    s.warehouse.rows = []
    await s.run()
    assert.deepEqual([has(targetRecord), (await s.run()).requests.write], [[], 0])
  })

  // What looks like a list or like JSON is read as such in a cell, and no name holds a control character.
  const inCells = names.filter((name) => !/^[{[]|\n/.test(name))
  test(`${object} with odd names of groups in an array column, beside others: nothing else is written, and each is taken off alone`, async () => {
    const all = [...inCells, 'k2']
    const rowsOf = (named: readonly string[]) => [
      [targetRecord, JSON.stringify(named)],
      [second, '["k2"]'],
    ]
    const s = await begin(object, 'an array')
    s.warehouse.rows = rowsOf(all)
    const first = await s.run()
    assert.deepEqual([on(targetRecord), has(second), first.counts.rejected], [all.toSorted(), ['k2'], 0])
    assert.deepEqual([(await s.run()).requests.write, (await s.verify())?.missing], [0, 0])
    await s.undo(first.run)
    assert.deepEqual([has(targetRecord), has(second)], [[], []])
    await s.run()
    for (const [at, odd] of inCells.entries()) {
      const rest = all.slice(at + 1)
      s.warehouse.rows = rowsOf(rest)
      await s.run()
      assert.deepEqual([on(targetRecord), has(second)], [rest.toSorted(), ['k2']], odd)
    }
    assert.equal((await s.run()).requests.write, 0)
  })

  test(`${object} with odd names of groups in a text column: each is put on its own target record, and taken off alone`, async () => {
    const records = inCells.map((_, at) => (object === 'company_tag' ? `intercom-odd-${at}` : `c${at + 1}`))
    const held = () => records.map((record) => has(record))
    const s = await begin(object, 'a text')
    s.warehouse.rows = inCells.map((odd, at) => [records[at] ?? '', odd])
    const first = await s.run()
    const all = inCells.map((odd) => [odd])
    assert.deepEqual([held(), first.counts.rejected], [all, 0])
    assert.deepEqual([(await s.run()).requests.write, (await s.verify())?.missing], [0, 0])
    await s.undo(first.run)
    assert.deepEqual(
      held(),
      all.map(() => []),
    )
    await s.run()
    for (const [at, odd] of inCells.entries()) {
      s.warehouse.rows = inCells.map((name, other) => [records[other] ?? '', other <= at ? null : name])
      await s.run()
      assert.deepEqual(
        held(),
        all.map((one, other) => (other <= at ? [] : one)),
        odd,
      )
    }
    assert.equal((await s.run()).requests.write, 0)
  })
}

const unknown = [
  'no such company,intercom-k2',
  'nope',
  'intercom-k2',
  'k1,k2',
  'absent:k2',
  'id:intercom-k2',
  'K1',
  'nope,absent:x',
  ',intercom-k2',
].filter((name) => !oddNames.includes(name))
for (const name of unknown) {
  test(`contact_company: a row that names the company ${JSON.stringify(name)}, which is none, is not loaded, and nothing is written for it`, async () => {
    const s = await begin('contact_company', 'a text', 'attach')
    s.warehouse.rows = [
      ['c1', name],
      ['c2', 'k1'],
    ]
    const { counts, requests } = await s.run()
    assert.deepEqual([world.companiesOf('c1'), world.companiesOf('c2')], [[], ['intercom-k1']])
    assert.deepEqual([counts.delivered, counts.rejected], [1, 1])
    assert.equal(requests.write, 1)
    s.warehouse.rows = [
      ['c1', name],
      ['c2', null],
    ]
    await s.run()
    assert.deepEqual([world.companiesOf('c1'), world.companiesOf('c2')], [[], ['intercom-k1']])
  })

  test(`contact_company: beside a company that is there, the row names ${JSON.stringify(name)}, which is none: only the first is written, and nothing is taken off until the row names existing ones only`, async () => {
    const s = await begin('contact_company', 'an array')
    s.warehouse.rows = [['c1', JSON.stringify([name, 'k1'])]]
    await s.run()
    assert.deepEqual(world.companiesOf('c1'), ['intercom-k1'])
    world.join('c1', 'intercom-k2')
    s.warehouse.rows = [['c1', JSON.stringify([name])]]
    await s.run()
    assert.deepEqual(world.companiesOf('c1'), ['intercom-k1', 'intercom-k2'], 'the name may be a misspelled "k1"')
    s.warehouse.rows = [['c1', null]]
    await s.run()
    assert.deepEqual(world.companiesOf('c1'), ['intercom-k2'])
  })
}

for (const behavior of ['attach', 'mirror'] as const) {
  test(`contact_company, ${behavior}: of the companies that a row names one is unknown: the others are written, counted and taken back`, async () => {
    const s = await begin('contact_company', 'an array', behavior)
    s.warehouse.rows = [
      ['c1', '["k1","nope"]'],
      ['c2', '["nope","k1"]'],
      ['c3', '["nope"]'],
    ]
    const plan = await s.plan()
    assert.deepEqual([plan.lines.adds, plan.lines.notLoaded], [2, 3], 'planned: put on, not loaded')
    const { counts, run } = await s.run()
    assert.deepEqual(
      ['c1', 'c2', 'c3'].map((contact) => world.companiesOf(contact)),
      [['intercom-k1'], ['intercom-k1'], []],
    )
    assert.deepEqual([counts.delivered, counts.rejected], [2, 3], 'delivered, not loaded')
    const again = await s.run()
    assert.deepEqual([again.counts.delivered, again.requests.write], [0, 0])
    await s.undo(run)
    assert.deepEqual(
      ['c1', 'c2', 'c3'].map((contact) => world.companiesOf(contact)),
      [[], [], []],
    )
  })

  test(`contact_company, ${behavior}: a company that a row names is made later: it is written then, once the row is asked for again`, async () => {
    const s = await begin('contact_company', 'an array', behavior)
    s.warehouse.rows = [['c1', '["k1","late"]']]
    await s.run()
    const id = world.createCompany({ company_id: 'late' })
    s.warehouse.rows = [['c1', '["k1","late","k2"]']]
    await s.run()
    assert.deepEqual(world.companiesOf('c1').toSorted(), ['intercom-k1', 'intercom-k2', id].toSorted())
    s.warehouse.rows = [['c1', '["late"]']]
    await s.run()
    assert.deepEqual(
      world.companiesOf('c1').toSorted(),
      behavior === 'mirror' ? [id] : ['intercom-k1', 'intercom-k2', id].toSorted(),
    )
  })
}

for (const [object, { targetRecord, second, has }] of Object.entries(objects) as [Links, (typeof objects)[Links]][]) {
  for (const others of ['nobody', 'another row names another group'] as const) {
    test(`${object}: the last row that named a group in its column stops naming it, and stays itself: the link comes off (${others})`, async () => {
      const s = await begin(object, 'an array')
      s.warehouse.rows = [
        [targetRecord, '["k1"]'],
        [second, others === 'nobody' ? '[]' : '["k2"]'],
      ]
      await s.run()
      assert.deepEqual([has(targetRecord), has(second)], [['k1'], others === 'nobody' ? [] : ['k2']])
      world.letTimePass(day)
      await letDatabaseTimePass(database.pool, day)
      s.warehouse.rows = [
        [targetRecord, '[]'],
        [second, others === 'nobody' ? null : '["k2"]'],
      ]
      await s.run()
      assert.deepEqual([has(targetRecord), has(second)], [[], others === 'nobody' ? [] : ['k2']])
      assert.equal((await s.run()).requests.write, 0)
    })
  }
}

test('contact_tag: a row comes to name another group, beside so many new rows that the holders of groups are listed: the old link comes off', async (t) => {
  const many = 400
  const crowd = await startIntercomEmulator({
    contacts: many,
    companies: 0,
    conversations: 0,
    limit: 1_000_000,
    tags: ['Old', 'New'],
  })
  t.after(() => crowd.close())
  await emptyDatabase(database.pool)
  const warehouse = simulateWarehouse(['id', 'groups'])
  const activation = await intercomActivation(crowd, {
    name: 'one',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    settings: { tags: { column: 'groups' } },
  })
  warehouse.rows = [[contactId(1), 'Old']]
  await runActivation(activation, ports)
  crowd.world.letTimePass(day)
  await letDatabaseTimePass(database.pool, day)
  warehouse.rows = Array.from({ length: many }, (_, at) => [contactId(at + 1), 'New'])
  const report = await runActivation(activation, ports)
  assert.deepEqual(
    [report.fault, crowd.world.members('Old', 'contact'), crowd.world.members('New', 'contact').length],
    [undefined, [], many],
  )
})

for (const object of ['contact_tag', 'company_tag'] as const) {
  test(`${object}: a tag that only rows name which are not delivered is not created, nor planned to be`, async () => {
    const { targetRecord, second, has } = objects[object]
    const s = await begin(object, 'a text')
    const tags = async (): Promise<unknown> => {
      const reply = await fetch(`${intercom.url}/tags`, {
        headers: { authorization: `Bearer ${intercom.token}`, 'intercom-version': '2.14' },
      })
      return ((await reply.json()) as { data: readonly { name: string }[] }).data.map(({ name }) => name)
    }
    // A row without an identifier is invalid.
    s.warehouse.rows = [
      [null, 'Never'],
      [null, 'Nor'],
      [second, 'Yes'],
    ]
    const plan = await s.plan()
    assert.deepEqual([plan.toCreate, plan.groups.map(({ name }) => name)], [['Yes'], ['Yes']])
    const first = await s.run()
    assert.deepEqual([has(second), has(targetRecord), first.counts.invalid], [['Yes'], [], 2])
    assert.deepEqual(await tags(), ['Yes'])
    // With nothing to put on at all, nothing is made either.
    s.warehouse.rows = [
      [null, 'Never'],
      [second, null],
    ]
    const off = await s.run()
    assert.deepEqual(
      [has(second), off.notices.filter(({ code }) => code === 'group-created'), await tags()],
      [[], [], ['Yes']],
    )
  })
}

for (const object of ['contact_tag', 'contact_company'] as const) {
  test(`${object}: several rows of one record together say its groups, and a link that two rows say counts once`, async () => {
    const { targetRecord, second, has } = objects[object]
    const s = await begin(object, 'a text')
    const [one, two, three] = object === 'contact_company' ? oddNames : ['One', 'Two', 'Three']
    s.warehouse.rows = [
      [targetRecord, one ?? ''],
      [targetRecord, two ?? ''],
      [targetRecord, one ?? ''],
      [second, three ?? ''],
    ]
    const first = await s.run()
    assert.deepEqual(
      [first.fault, first.counts.read, first.counts.invalid, first.counts.delivered],
      [undefined, 4, 0, 2],
      first.fault?.message,
    )
    assert.deepEqual([has(targetRecord).toSorted(), has(second)], [[one, two].toSorted(), [three]])
    assert.deepEqual(
      first.notices.filter(({ code }) => code === 'repeated-rows').map(({ data }) => data),
      [{ rows: 1 }],
    )
    assert.equal((await s.run()).requests.write, 0)
    s.warehouse.rows = [
      [targetRecord, two ?? ''],
      [second, three ?? ''],
    ]
    await s.run()
    assert.deepEqual([has(targetRecord), has(second)], [[two], [three]])
  })
}
