import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyId, companyIntercomId, contactId } from '../emulator/index.ts'
import { range, statuses } from '../../../testing/target-kit/outcome-honesty.ts'
import { bench, type Bench } from '../bench.fixture.ts'

const setup = { object: 'contact_company' } as const

/** As the engine calls it: the settings of the activation, with the company_ids read from the column. */
const resolveNames = (b: Bench, companies: readonly string[]) =>
  b.object.resolve(b.io, {
    ...(b.object.settings.parse({ companies: { column: 'account' } }) as object),
    companies,
  })

async function reads<T>(b: Bench, act: () => Promise<T>): Promise<readonly [T, number]> {
  const before = b.emulator.requests.counters().reads
  const result = await act()
  return [result, b.emulator.requests.counters().reads - before]
}

test('settings take company_ids as text, in a list or from a column, and never leave to create', () =>
  bench(setup, async ({ object }) => {
    const said = (settings: object) => object.settings.safeParse(settings).error?.issues.map(({ message }) => message)
    assert.equal(said({ companies: ['acme', 'Acme'] }), undefined)
    assert.equal(said({ companies: { column: 'account', delimiter: '|' } }), undefined)
    assert.match(said({ companies: ['acme', ' acme '] })?.[0] ?? '', /listed twice/)
    for (const wrong of [
      {},
      { companies: [] },
      { companies: 'acme' },
      { companies: [42] },
      { companies: ['acme'], createTag: true },
    ])
      assert.ok(said(wrong), JSON.stringify(wrong))
  }))

test('a listed company that does not exist is a Fault that says what else was meant', () =>
  bench(setup, async (b) => {
    for (const [named, hint] of [
      ['COMPANY-7', /Did you mean "company-7"\? "COMPANY-7" is the same company_id in another case/],
      ['Company 7', /"company-7".*is the name of that company/],
      [companyIntercomId(7), /"company-7".*Intercom's own id/],
      ['nobody', /^Intercom has no company with company_id "nobody"\.$/],
    ] as const) {
      const reported = await b.fault(() => b.resolve(['company-1', named]))
      assert.deepEqual([reported.kind, reported.code], ['config', 'company-not-found'])
      assert.match(reported.message, hint)
    }
  }))

test('if rows name their companies, one that does not exist rejects only its own links', () =>
  bench(setup, async (b) => {
    const resolved = await resolveNames(b, ['company-2', 'nobody'])
    assert.match(resolved.notices[0]?.words ?? '', /does not have one of the companies in the rows.*"nobody"/)
    assert.deepEqual(resolved.toCreate, [])
    const [known = '', unknown = ''] = resolved.groups.map(({ id }) => id ?? '')
    const attach = async (i: number, group: string) => {
      const identity = b.harness.existing(i)
      return (
        await b.object.deliver(b.io, resolved.ready, [{ key: identity.value, kind: 'attach', identity, group }])
      ).get(identity.value)
    }
    const alone = await attach(1, unknown)
    assert.ok(alone?.status === 'rejected' && alone.code === 'not-found')
    assert.equal(alone.message, 'Intercom has no company with company_id "nobody".')
    // Another company of the same row is not affected.
    assert.deepEqual([(await attach(3, unknown))?.status, (await attach(3, known))?.status], ['rejected', 'delivered'])
    assert.deepEqual(b.emulator.world.companiesOf(3), [3, 2].map(companyIntercomId))
    assert.equal(await b.listing.count(b.io, resolved.ready, unknown), 0)
  }))

test('companies of rows are looked up once; one that is gone is refused, and looked up anew', () =>
  bench(setup, async (b) => {
    const names = range(30, companyId)
    assert.equal((await reads(b, () => resolveNames(b, names)))[1], 30)
    const [resolved, again] = await reads(b, () => resolveNames(b, names))
    assert.deepEqual(
      [again, resolved.groups.map(({ name, id }) => [name, id])],
      [0, range(30, (i) => [companyId(i), companyIntercomId(i)])],
    )
    b.emulator.world.deleteCompany(5)
    const identity = b.harness.existing(1)
    const outcome = (
      await b.object.deliver(b.io, resolved.ready, [
        { key: 'k', kind: 'attach', identity, group: companyIntercomId(5) },
      ])
    ).get('k')
    assert.ok(
      outcome?.status === 'rejected' && outcome.code === 'not-found' && outcome.message.includes('"company-5"'),
      JSON.stringify(outcome),
    )
    const [fresh, asked] = await reads(b, () => resolveNames(b, names))
    assert.deepEqual([asked, fresh.notices.length], [1, 1])
  }))

test('a listed company deleted midway is a Fault, not the fault of the contacts', () =>
  bench(setup, async (b) => {
    const resolved = await b.resolve(['company-2'])
    b.emulator.world.deleteCompany(2)
    const { outcomes, fault } = await b.deliver(resolved, 'attach', [b.harness.existing(1), b.harness.unknown(1)])
    assert.equal(fault?.code, 'company-not-found')
    assert.equal(outcomes.get(b.harness.existing(1).value)?.status, 'on-hold')
  }))

test('a contact in 1,000 companies is refused with words, and the others are done', () =>
  bench({ ...setup, emulator: { contacts: 3, companies: 1001 } }, async (b) => {
    for (let i = 2; i <= 1000; i += 1) b.emulator.world.join(1, i)
    const resolved = await b.resolve([companyId(1001)])
    const { outcomes, fault } = await b.deliver(
      resolved,
      'attach',
      range(3, (i) => b.harness.existing(i)),
    )
    assert.equal(fault, undefined)
    assert.deepEqual(statuses(outcomes), ['rejected', 'delivered', 'delivered'])
    const full = outcomes.get(contactId(1))
    assert.ok(full?.status === 'rejected' && full.code === 'refused')
    assert.match(full.message, /^Company "company-1001": .*maximum of 1000 company associations/)
  }))

test('a company that the contact is not in, or that is gone, is off already', () =>
  bench(setup, async (b) => {
    const resolved = await b.resolve(['company-1', 'company-2'])
    b.emulator.world.deleteCompany(1)
    const detach = async (group: string) => {
      const outcomes = await b.object.deliver(
        b.io,
        resolved.ready,
        [1, 2, 3].map((i) => ({ key: String(i), kind: 'detach', identity: b.harness.existing(i), group })),
      )
      return [1, 2, 3].map((i) => outcomes.get(String(i))?.status)
    }
    assert.deepEqual(await detach(companyIntercomId(1)), ['in-place', 'in-place', 'in-place'])
    assert.deepEqual(await detach(companyIntercomId(2)), ['in-place', 'delivered', 'in-place'])
  }))

test('all companies of a contact are seen, however many, by direct reads and through the search', () =>
  bench(setup, async (b) => {
    for (let i = 2; i <= 120; i += 1) b.emulator.world.join(1, i)
    const resolved = await b.resolve(['company-1'])
    const all = range(120, (i) => ({ id: companyIntercomId(i) }))
    assert.deepEqual((await b.observe(resolved, [b.harness.existing(1)]))[0]?.groups, all)
    const seen = await Array.fromAsync(
      b.listing.of?.(b.io, resolved.ready, [b.harness.existing(1), b.harness.existing(2)]) ?? [],
    )
    assert.deepEqual(seen.map(({ groups }) => groups?.length).sort(), [1, 120])
  }))

test('the list of companies is taken under the name of the schema too, and not where it is cut short', () =>
  bench(setup, async (b) => {
    const resolved = await b.resolve(['company-1'])
    const answer = (body: object) => {
      b.emulator.faults.clear()
      b.emulator.faults.add({ path: '/contacts/*/companies', effect: { type: 'status', status: 200, body } })
    }
    answer({ type: 'list', companies: [{ id: 'x' }], total_count: 1 })
    assert.deepEqual((await b.observe(resolved, [b.harness.existing(1)]))[0]?.groups, [{ id: 'x' }])
    answer({ type: 'list', data: [{ id: 'x' }], total_count: 2, pages: { next: null } })
    await assert.rejects(b.observe(resolved, [b.harness.existing(1)]), { code: 'odd-answer' })
  }))

test('archived and merged contacts are not found, and the merged one names its survivor', () =>
  bench(setup, async (b) => {
    const resolved = await b.resolve(['company-1'])
    b.emulator.world.archiveContact(4)
    b.emulator.faults.add({
      method: 'POST',
      path: `/contacts/${contactId(5)}/companies`,
      effect: {
        type: 'status',
        status: 410,
        headers: { Link: `</contacts/${contactId(6)}>; rel="canonical"` },
        body: { type: 'error.list', errors: [{ code: 'contact_merged', message: 'Contact was merged' }] },
      },
    })
    const { outcomes } = await b.deliver(
      resolved,
      'attach',
      [4, 5].map((i) => b.harness.existing(i)),
    )
    for (const outcome of outcomes.values())
      assert.ok(outcome.status === 'rejected' && outcome.code === 'not-found', JSON.stringify(outcome))
    assert.match(JSON.stringify(outcomes.get(contactId(5))), new RegExp(`merged into ${contactId(6)}`))
  }))
