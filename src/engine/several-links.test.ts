import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { onSharedAccount, type LinkHarness } from '../testing/shared-account/shared-account-links.ts'
import { companyOf, contactOf, day, openSharedAccount } from '../testing/shared-account/shared-account.ts'
import { planActivation } from './plan-activation.ts'
import { findListedRun } from '../store/runs/run-pages.ts'
import { runActivation } from './run.ts'
import { undoRun } from './undo.ts'

const account = await onSharedAccount(after)
const { world } = account
const { startIntercomEmulator, contactId } = await emulators.intercom()

/** A person gives the identifiers of contact 1 to contact 2. */
async function moveNames(s: LinkHarness): Promise<void> {
  const { external_id: externalId, email } = contactOf(1)
  world.changeContact(contactOf(1).id, { external_id: 'former', email: 'former@acme.test' })
  world.changeContact(contactOf(2).id, { external_id: externalId, email })
  await s.letTimePass(day)
}

test('companies from a column: the identifier finds another contact now and its row names another company: the link that a person made there stays', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('companies from a column', { name: 'one', group: 0 })
  const other = await s.open('companies from a column', { name: 'other', group: 1 })
  await s.run(one, [1])
  await s.letTimePass(day)
  s.byHand(other, 2)
  await moveNames(s)
  await s.run(one, [{ at: 1, groups: [other.group] }])
  assert.deepEqual([s.holders(one), s.holders(other)], [[], [2]], 'ours is removed from the former contact')
  await s.letTimePass(day)
  await s.run(one, [])
  assert.deepEqual(s.holders(other), [2])
})

test('contact tags from a column: the identifier finds another contact now, and the former one has the tag that the row names: the other one gets it', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags by a list from a column', { name: 'one', group: 0 })
  const other = await s.open('contact tags by a list from a column', { name: 'other', group: 1 })
  await s.run(one, [1])
  await s.letTimePass(day)
  s.byHand(other, 1)
  await moveNames(s)
  await s.run(one, [{ at: 1, groups: [other.group] }])
  assert.deepEqual([s.holders(one), s.holders(other)], [[], [1, 2]])
  assert.equal((await s.run(one)).requests.write, 0)
})

test('a link of a known record goes to the target record of its other links, though the identifier finds a second one by now', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags by a list from a column', { name: 'one', group: 0 })
  const other = await s.open('contact tags by a list from a column', { name: 'other', group: 1 })
  const { external_id: _none, ...named } = contactOf(1)
  const row = { at: 1, external_id: undefined, email: named.email }
  await s.run(one, [row])
  await s.letTimePass(day)
  world.changeContact(contactOf(2).id, { email: named.email })
  await s.letTimePass(day)
  const { counts } = await s.run(one, [{ ...row, groups: [one.group, other.group] }])
  assert.deepEqual([counts.rejected, s.holders(one), s.holders(other)], [0, [1], [1]])
})

test('a row that names another group: what is planned is what is delivered', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags from a column', { name: 'one', group: 0 })
  const other = await s.open('contact tags from a column', { name: 'other', group: 1 })
  await s.run(one, [1, 2, 3])
  await s.letTimePass(day)
  const { counts } = await s.run(one, [
    { at: 1, groups: [other.group] },
    { at: 2, groups: [one.group, other.group] },
    3,
  ])
  assert.deepEqual(
    [counts.read, counts.changed, counts.added, counts.removed, counts.unchanged, counts.planned, counts.delivered],
    [3, 2, 0, 0, 1, 3, 3],
  )
})

test('only a row whose links earlier rows name already counts as equal', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags from a column', { name: 'one', group: 0 })
  const both = ['Red', 'Blue']
  const report = await s.run(one, [
    { at: 1, groups: ['Red'] },
    { at: 1, groups: both },
    { at: 2, groups: both },
    { at: 2, groups: both },
  ])
  assert.deepEqual(
    report.notices.filter(({ code }) => code === 'repeated-rows').map(({ data }) => data),
    [{ rows: 1 }],
  )
  assert.deepEqual([report.counts.read, report.counts.added, report.counts.delivered], [4, 2, 2])
})

test('rows of one identifier that contradict each other are invalid, also if nothing else changed', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags by a list from a column', { name: 'one', group: 0 })
  const [red, blue] = [
    { at: 1, groups: ['Red'] },
    { at: 1, groups: ['Blue'] },
  ]
  await s.run(one, [red, blue])
  const { counts } = await s.run(one, [red, { ...blue, email: 'another@acme.test' }])
  assert.deepEqual([counts.invalid, counts.removed, world.tagsOn('contact', contactOf(1).id).length], [2, 0, 2])
})

test('two tags for every row: figures and guardrails count records, not links', async (t) => {
  const s = await account.begin(t)
  const intercom = await startIntercomEmulator({ contacts: 60, limit: 1_000_000, tags: ['A', 'B'] })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'groups'])
  const activation = await intercomActivation(intercom, {
    name: 'both',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    settings: { tags: { column: 'groups', delimiter: '|' } },
    more: { limits: { adds: 'off', removes: { share: 0.4 }, invalid: 'off', failures: 'off', shrunk: 'off' } },
  })
  const rows = Array.from({ length: 60 }, (_, at): readonly [string, string] => [contactId(at + 1), 'A|B'])
  warehouse.rows = rows
  const first = await runActivation(activation, quietPorts(s.account.database.pool))
  assert.deepEqual(
    [first.counts.added, first.counts.planned, first.counts.delivered, first.counts.unchanged],
    [60, 60, 60, 0],
  )
  warehouse.rows = rows.slice(0, 30)
  const second = await runActivation(activation, quietPorts(s.account.database.pool))
  assert.equal(second.status, 'blocked')
  assert.match(second.fault?.message ?? '', /30 records would be removed; the Activation holds 60/)
})

test('a row with an unreadable list keeps all links of its record, also where the first row counts', async (t) => {
  const s = await account.begin(t)
  const intercom = await startIntercomEmulator({ contacts: 3, limit: 1_000_000, tags: ['A', 'B'] })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'groups'])
  const activation = await intercomActivation(intercom, {
    name: 'first',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    settings: { tags: { column: 'groups' } },
    more: { duplicates: 'first' },
  })
  warehouse.rows = [
    [contactId(1), 'A'],
    [contactId(1), 'B'],
    [contactId(2), 'A'],
  ]
  await runActivation(activation, quietPorts(s.account.database.pool))
  warehouse.rows = [
    [contactId(1), 'A'],
    [contactId(1), 'B\u0007'],
    [contactId(2), 'A'],
  ]
  const { counts } = await runActivation(activation, quietPorts(s.account.database.pool))
  assert.deepEqual([counts.invalid, intercom.world.tagsOn('contact', 1).toSorted()], [1, ['A', 'B']])
})

test('a tag that was renamed is followed, and rows that name it by both names have it once', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags from a column', { name: 'one', group: 0 })
  await s.run(one, [1, 2])
  await s.letTimePass(day)
  world.renameTag('Red', 'Crimson')
  const both = { at: 2, groups: ['Red', 'Crimson'] }
  const { counts } = await s.run(one, [1, both, { at: 3, groups: ['Crimson'] }])
  assert.deepEqual([counts.added, counts.unchanged, counts.delivered], [1, 2, 1])
  assert.deepEqual(
    [1, 2, 3].map((at) => world.tagsOn('contact', contactOf(at).id)),
    [['Crimson'], ['Crimson'], ['Crimson']],
  )
  assert.equal((await s.run(one)).requests.write, 0)
  await s.letTimePass(day)
  await s.run(one, [both])
  assert.deepEqual(
    [1, 2, 3].map((at) => world.tagsOn('contact', contactOf(at).id)),
    [[], ['Crimson'], []],
  )
})

test('a plan names the tags that it adds and removes, also those that no row names any more, and blocks only for what it does', async (t) => {
  const s = await account.begin(t)
  const intercom = await startIntercomEmulator({ contacts: 30, limit: 1_000_000, tags: ['VIP', 'Trial'] })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'groups'])
  const limit = { share: 0.5 }
  const activation = await intercomActivation(intercom, {
    name: 'tagged',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    settings: { tags: { column: 'groups', delimiter: '|' } },
    more: { limits: { adds: limit, removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' } },
  })
  const ports = quietPorts(s.account.database.pool)
  const rows = (groups: string | null) =>
    Array.from({ length: 30 }, (_, at): readonly [string, string | null] => [contactId(at + 1), groups])
  const planned = async (groups: string | null) => {
    warehouse.rows = rows(groups)
    return await planActivation(activation, ports, {}, async (plan) => {
      const lines: string[] = []
      for await (const page of plan.lines('writes'))
        for (const line of page) lines.push(`${line.kind} ${plan.nameOf(line.group)}`)
      return {
        links: plan.report.links.map(({ kind, name, links }) => [kind, name, links]),
        lines: [...new Set(lines)],
        violations: plan.report.violations.map(({ rule }) => rule),
      }
    })
  }
  assert.deepEqual(
    (await planned('VIP|Trial')).links.map(([kind, , links]) => [kind, links]),
    [
      ['attach', 30],
      ['attach', 30],
    ],
  )
  await runActivation(activation, ports)
  assert.deepEqual(await planned('VIP'), { links: [['detach', 'Trial', 30]], lines: ['detach Trial'], violations: [] })
  const none = await planned(null)
  assert.deepEqual(
    [none.links.map(([, name, links]) => [name, links]).toSorted(), none.violations],
    [
      [
        ['Trial', 30],
        ['VIP', 30],
      ],
      [],
    ],
  )
})

test('detach of two tags: a record that had one of them is delivered, and not already in place as well', async (t) => {
  const s = await account.begin(t)
  const intercom = await startIntercomEmulator({ contacts: 4, limit: 1_000_000, tags: ['A', 'B'] })
  t.after(() => intercom.close())
  for (const [at, tags] of [
    [1, ['A', 'B']],
    [2, ['A']],
  ] as const)
    for (const tag of tags) intercom.world.attach('contact', at, tag)
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'off',
    object: 'contact_tag',
    behavior: 'detach',
    warehouse,
    tags: ['A', 'B'],
  })
  warehouse.rows = [[contactId(1)], [contactId(2)], [contactId(3)]]
  const { counts } = await runActivation(activation, quietPorts(s.account.database.pool))
  assert.deepEqual([counts.read, counts.delivered, counts.alreadyInPlace], [3, 2, 1])
  assert.deepEqual(
    [1, 2, 3].map((at) => intercom.world.tagsOn('contact', at)),
    [[], [], []],
  )
})

test('progress counts links: what was answered is never more than what is planned', async (t) => {
  const s = await account.begin(t)
  const intercom = await startIntercomEmulator({ contacts: 6, limit: 1_000_000, tags: ['A', 'B'] })
  t.after(() => intercom.close())
  for (const at of [1, 2, 3, 4, 5, 6]) for (const tag of ['A', 'B']) intercom.world.attach('contact', at, tag)
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'off',
    object: 'contact_tag',
    behavior: 'detach',
    warehouse,
    tags: ['A', 'B'],
  })
  warehouse.rows = [1, 2, 3, 4, 5, 6].map((at) => [contactId(at)])
  const seen: { readonly planned: number; readonly answered: number }[] = []
  const ports = {
    ...quietPorts(s.account.database.pool),
    progress: ({ planned, answered }: { planned: number; answered: number }) => void seen.push({ planned, answered }),
  }
  const { run } = await runActivation(activation, ports)
  assert.deepEqual(seen.at(-1), { planned: 12, answered: 12 })
  seen.length = 0
  const undone = await findListedRun(s.account.database.pool, run)
  assert.ok(undone !== undefined)
  await undoRun(activation, ports, undone, () => Promise.resolve(true))
  assert.deepEqual(
    [seen.at(-1), seen.every(({ planned, answered }) => answered <= planned)],
    [{ planned: 12, answered: 12 }, true],
  )
})

for (const ownership of ['respect', 'adopt'] as const) {
  test(`an undo of the Run in which a row moved to another contact gives the former contact its link back, and leaves manual links alone (${ownership})`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open('contact tags by a list from a column', { name: 'one', group: 0, ownership })
    const other = await s.open('contact tags by a list from a column', { name: 'other', group: 1 })
    await s.run(one, [1, 3])
    await s.letTimePass(day)
    s.byHand(other, 1)
    s.byHand(one, 4)
    await moveNames(s)
    const { run } = await s.run(one, [
      { at: 1, groups: [other.group] },
      { at: 3, groups: [one.group, other.group] },
    ])
    assert.deepEqual(
      [s.holders(one), s.holders(other)],
      [
        [3, 4],
        [1, 2, 3],
      ],
    )
    await s.letTimePass(day)
    await s.undo(one, run)
    assert.deepEqual([s.holders(one), s.holders(other)], [[1, 3, 4], [1]])
  })
}

test('an undo leaves a link that a later Run added again under another identifier of its target record', async () => {
  const shared = await openSharedAccount()
  try {
    const it = await shared.open({
      name: 'by either id',
      object: 'company_tag',
      behavior: 'attach',
      by: ['company_id', 'id'],
      groups: ['Red'],
    })
    const { id, company_id } = companyOf(1)
    const tags = () => shared.world.tagsOn('company', id)
    const first = await shared.run(it, [{ company_id }])
    await shared.letTimePass(day)
    shared.world.detach('company', id, 'Red')
    await shared.letTimePass(day)
    await shared.run(it, [{ id }])
    await shared.letTimePass(day)
    await shared.run(it, [])
    assert.deepEqual(tags(), ['Red'])
    await shared.undo(it, first.run)
    assert.deepEqual(tags(), ['Red'])
  } finally {
    await shared.intercom.close()
    await shared.database.close()
  }
})
