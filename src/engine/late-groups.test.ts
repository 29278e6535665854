import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { findRun } from '../store/runs/runs.ts'
import { undoRun } from './undo.ts'
import {
  companyOf,
  contactOf,
  day,
  openSharedAccount,
  type AccountActivation,
  type AccountRow,
  type OpenActivation,
} from '../testing/shared-account/shared-account.ts'

const account = await openSharedAccount()
after(async () => {
  await account.intercom.close()
  await account.database.close()
})
beforeEach(() => account.reset())

const rows = (...numbers: readonly number[]) => numbers.map((at) => ({ id: contactOf(at).id }))
const holders = (tag: string) => account.world.members(tag, 'contact').toSorted()

/** An Activation that may create its tag. */
async function open(name: string, tag: string, more: Partial<AccountActivation> = {}): Promise<OpenActivation> {
  return await account.open({
    name,
    object: 'contact_tag',
    behavior: 'mirror',
    by: ['id'],
    groups: [tag],
    createTag: true,
    ...more,
  })
}

/** Its first Run is held up before it creates the tag, and another process creates it meanwhile. */
async function openLate(name: string, tag: string): Promise<OpenActivation> {
  const late = await open(name, tag)
  const blocked = await account.run(
    { ...late, activation: { ...late.activation, limits: { ...late.activation.limits, adds: { count: 0 } } } },
    rows(1, 2),
  )
  assert.equal(blocked.status, 'blocked')
  return late
}

test('what an Activation found in place on a tag that others created after its first Run stays for it', async () => {
  const late = await openLate('late', 'New')
  account.world.createTag('New')
  account.world.attach('contact', contactOf(2).id, 'New')
  await account.letTimePass(day)
  const one = await account.run(late, rows(1, 2))
  assert.deepEqual([one.counts.delivered, one.counts.alreadyInPlace], [1, 1])
  const other = await open('other', 'New', { ownership: 'adopt' })
  await account.letTimePass(day)
  await account.run(other, rows(2, 3))
  await account.letTimePass(day)
  await account.run(other, rows(3))
  assert.deepEqual(
    holders('New'),
    rows(1, 2, 3).map(({ id }) => id),
    'late wants 1 and 2',
  )
})

/** The messages of a Run's Records on hold. */
async function heldWords(run: number): Promise<string> {
  const { rows } = await account.database.pool.query<{ message: string }>(
    `select distinct message from ledger where run_id = $1 and status = 'on-hold'`,
    [run],
  )
  return rows.map(({ message }) => message).join(' | ')
}

test('a tag that others create between the plan and the Run is not taken for a new one: what people tagged stays theirs', async () => {
  const one = await open('one', 'New')
  let acted = false
  account.intercom.watch({
    request({ method, path }) {
      if (
        acted ||
        method !== 'GET' ||
        path !== '/tags' ||
        account.intercom.requests.latest().every((request) => request.path !== '/tags')
      )
        return
      acted = true
      account.world.createTag('New')
      account.world.attach('contact', contactOf(2).id, 'New')
    },
  })
  account.intercom.requests.clear()
  const first = await account.run(one, rows(1, 2))
  account.intercom.watch({})
  assert.match(
    await heldWords(first.run),
    /^The Run was deferred before this record was sent: The tag "New" was to be created and exists now\.$/,
  )
  assert.deepEqual(
    [acted, first.status, first.fault?.code, first.requests.write],
    [true, 'deferred', 'group-appeared', 0],
  )
  assert.deepEqual(holders('New'), [contactOf(2).id])
  await account.letTimePass(day)
  const next = await account.run(one, rows(1, 2))
  assert.deepEqual([next.status, next.counts.delivered, next.counts.alreadyInPlace], ['completed', 1, 1])
  await account.letTimePass(day)
  await account.run(one, rows(3))
  assert.deepEqual(
    holders('New'),
    rows(2, 3).map(({ id }) => id),
    'a person put it on 2',
  )
})

test('a Target that does not answer while a tag is created puts the Run off, with nothing sent', async () => {
  const one = await open('one', 'New')
  account.intercom.faults.add({ method: 'POST', path: '/tags', effect: { type: 'status', status: 503 } })
  const first = await account.run({ ...one, activation: { ...one.activation, timeLimitMs: 3000 } }, rows(1, 2))
  account.intercom.faults.clear()
  assert.deepEqual([first.status, first.counts.onHold, holders('New')], ['deferred', 2, []])
  const next = await account.run(one, rows(1, 2))
  assert.deepEqual([next.status, next.counts.delivered], ['completed', 2])
})

for (const created of [false, true]) {
  test(`an Activation whose tag ${created ? 'others created after its first Run' : 'is not yet created'} shares it with those on the same tag, and with no others`, async () => {
    const late = await openLate('late', 'New')
    if (created) {
      account.world.createTag('New')
      await account.run(late, rows(1, 2))
    }
    const reported = async (name: string, tag: string) =>
      (await account.plan(await open(name, tag), rows(1))).notices
        .filter(({ code }) => code === 'shared-group')
        .map(({ data }) => data['activation'])
    assert.deepEqual(await reported('same', 'new'), ['late'])
    assert.deepEqual(await reported('another', 'Blue'), [])
    assert.deepEqual(await reported('to be created as well', 'Newer'), [])
  })
}

test('one that comes while another plans its first Run waits for it, and leaves what that one found in place', async () => {
  account.world.attach('contact', contactOf(2).id, 'Red')
  await account.letTimePass(day)
  const first = await open('first', 'Red', { by: ['email'] })
  const second = await open('second', 'Red', { ownership: 'enforce' })
  account.intercom.faults.add({ method: 'POST', path: '/contacts/search', nth: 2, effect: { type: 'slow', ms: 2000 } })
  let coming: ReturnType<typeof account.run> | undefined
  let searches = 0
  account.intercom.watch({
    request({ path }) {
      // The second search lists the holders of the tag.
      if (path === '/contacts/search' && (searches += 1) === 2) coming = account.run(second, rows(3))
    },
  })
  const one = await account.run(
    first,
    [1, 2].map((at) => ({ email: contactOf(at).email })),
  )
  assert.ok(coming !== undefined)
  const two = await coming
  account.intercom.watch({})
  account.intercom.faults.clear()
  assert.deepEqual([one.status, one.counts.alreadyInPlace, two.status], ['completed', 1, 'completed'])
  assert.deepEqual(
    holders('Red'),
    rows(1, 2, 3).map(({ id }) => id),
    'first wants 1 and 2',
  )
})

test('two first Runs on one tag that is to be created: one creates it, the other waits and finds it', async () => {
  const [one, two] = [await open('one', 'New'), await open('two', 'new')]
  const [first, second] = await Promise.all([account.run(one, rows(1, 2)), account.run(two, rows(2, 3))])
  assert.deepEqual([first.status, second.status, first.fault ?? second.fault], ['completed', 'completed', undefined])
  assert.deepEqual(
    holders('New'),
    rows(1, 2, 3).map(({ id }) => id),
  )
  assert.equal([...first.notices, ...second.notices].filter(({ code }) => code === 'group-created').length, 1)
})

test('rows that name a tag which others create meanwhile put the Run off, also where another name is left out', async () => {
  const one = await open('one', '', { groups: 'column', by: ['email'] })
  let acted = false
  account.intercom.watch({
    request({ method, path }) {
      // Both names are missing when the rows are read. One of them exists when the Plan is made.
      if (acted || method !== 'POST' || !path.endsWith('/search')) return
      acted = true
      account.world.createTag('Yes')
      account.world.attach('contact', contactOf(1).id, 'Yes')
    },
  })
  const some = [
    { email: contactOf(1).email, groups: ['Yes'] },
    { email: 'nobody@acme.test', groups: ['Never'] },
  ]
  const report = await account.run(one, some)
  account.intercom.watch({})
  assert.deepEqual(
    [acted, report.status, report.fault?.code, report.requests.write],
    [true, 'deferred', 'group-appeared', 0],
  )
  await account.letTimePass(day)
  const next = await account.run(one, some)
  assert.deepEqual([next.counts.alreadyInPlace, next.counts.rejected, next.requests.write], [1, 1, 0])
})

/** Starts a Run of `first` that writes for about two seconds. Resolves once it has begun to write. */
async function atWork(
  first: OpenActivation,
  some: readonly AccountRow[] = rows(1, 2),
): Promise<{ readonly end: ReturnType<typeof account.run> }> {
  for (const path of ['/contacts/*/*', '/tags', '/companies/*/*'])
    account.intercom.faults.add({ method: 'POST', path, effect: { type: 'slow', ms: 2000 } })
  const { promise, resolve } = Promise.withResolvers<void>()
  account.intercom.watch({
    request({ method, path }) {
      if (method === 'POST' && !path.endsWith('/search') && !path.endsWith('/list')) resolve()
    },
  })
  const end = account.run(first, some).finally(() => account.intercom.faults.clear())
  await promise
  account.intercom.watch({})
  return { end }
}

const contacts = (...groups: readonly string[]) => [1, 2].map((at) => ({ id: contactOf(at).id, groups }))
const companies = (...groups: readonly string[]) =>
  [1, 2].map((at) => ({ company_id: companyOf(at).company_id, groups }))
const meetings = [
  { object: 'contact_tag', by: ['id'], group: 'Red', of: contacts },
  { object: 'company_tag', by: ['company_id'], group: 'Red', of: companies },
  { object: 'contact_company', by: ['id'], group: 'k3', of: contacts },
] as const

for (const { object, by, group, of } of meetings) {
  for (const [one, two] of [
    ['settings', 'settings'],
    ['a column', 'settings'],
    ['settings', 'a column'],
  ] as const) {
    test(`${object}: an activation whose groups stand in ${two} waits for one on the same group, from ${one}, also where that one is new`, async () => {
      const spec = (name: string, from: string): AccountActivation => ({
        name,
        object,
        behavior: 'mirror',
        by,
        groups: from === 'settings' ? [group] : 'column',
      })
      const { end } = await atWork(await account.open(spec('first', one)), of(group))
      const second = await account.open(spec('second', two))
      const waited = await account.run({ ...second, activation: { ...second.activation, timeLimitMs: 400 } }, of(group))
      assert.deepEqual([waited.status, waited.fault?.code, waited.requests.write], ['deferred', 'shared-group-busy', 0])
      assert.equal((await end).status, 'completed')
    })
  }
}

test('who waits in vain says for whom, and one on another tag waits for nobody', async () => {
  const { end } = await atWork(await open('first', 'Red'))
  const second = await open('second', 'Red')
  const [waited, other] = await Promise.all([
    account.run({ ...second, activation: { ...second.activation, timeLimitMs: 500 } }, rows(3)),
    account.run(await open('other', 'Blue'), rows(3)),
  ])
  assert.deepEqual([waited.status, waited.fault?.code, other.status], ['deferred', 'shared-group-busy', 'completed'])
  assert.match(
    waited.fault?.message ?? '',
    /^Other activations that write to the same tag were running until the time limit was reached: "first"\.$/,
  )
  assert.equal((await end).status, 'completed')
})

test('a preview of an undo waits for nobody', async () => {
  const second = await open('second', 'Red')
  const { run } = await account.run(second, rows(3))
  await account.letTimePass(day)
  const { end } = await atWork(await open('first', 'Red'))
  let isOver = false
  const over = end.then(() => {
    isOver = true
  })
  let removes = 0
  await undoRun(
    second.activation,
    account.ports,
    { id: run, groups: [] },
    (plan) => {
      removes = plan.removes
      return Promise.resolve(false)
    },
    { isPreview: true },
  )
  assert.deepEqual([isOver, removes], [false, 1])
  await over
})

test('an undo that was decided and waits in vain leaves a Run that says why, and takes nothing back', async () => {
  const second = await open('second', 'Red')
  const { run } = await account.run(second, rows(3))
  await account.letTimePass(day)
  const { end } = await atWork(await open('first', 'Red'))
  const undone = await undoRun(
    { ...second.activation, timeLimitMs: 400 },
    account.ports,
    { id: run, groups: [] },
    () => Promise.resolve(true),
    { isDecided: true },
  )
  assert.deepEqual([undone?.status, undone?.fault?.code, undone?.requests.write], ['deferred', 'shared-group-busy', 0])
  assert.equal((await findRun(account.database.pool, undone?.run ?? 0))?.status, 'deferred')
  await end
  assert.deepEqual(
    holders('Red'),
    rows(1, 2, 3).map(({ id }) => id),
  )
})

test('a tag for companies that others create between the plan and the Run is not taken for a new one either', async () => {
  const one = await account.open({
    name: 'one',
    object: 'company_tag',
    behavior: 'mirror',
    by: ['company_id'],
    groups: ['New'],
    createTag: true,
  })
  let lists = 0
  account.intercom.watch({
    request({ method, path }) {
      if (method !== 'GET' || path !== '/tags' || (lists += 1) !== 2) return
      account.world.createTag('New')
      account.world.attach('company', companyOf(2).id, 'New')
    },
  })
  const some = [1, 2].map((at) => ({ company_id: companyOf(at).company_id }))
  const first = await account.run(one, some)
  account.intercom.watch({})
  assert.deepEqual([first.status, first.fault?.code, first.requests.write], ['deferred', 'group-appeared', 0])
  await account.letTimePass(day)
  assert.equal((await account.run(one, some)).status, 'completed')
  await account.letTimePass(day)
  await account.run(one, [{ company_id: companyOf(3).company_id }])
  assert.deepEqual(
    account.world.members('New', 'company').toSorted(),
    [companyOf(2).id, companyOf(3).id],
    'a person put it on 2',
  )
})
