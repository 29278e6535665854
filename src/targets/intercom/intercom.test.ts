import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admins, allScopes, companyId } from './emulator/index.ts'
import { range, statuses } from '../../testing/target-kit/outcome-honesty.ts'
import { canary } from '../../testing/target-kit/harness-connection.ts'
import { bench } from './bench.fixture.ts'
import { contactTag } from './tags/contact-tag.ts'
import { target } from './index.ts'

test('the version may be written as a number, and only known ones are taken', () => {
  const versionOf = (apiVersion: unknown) => target.config.safeParse({ token: 't', apiVersion })
  assert.deepEqual(versionOf(2.16).data, {
    token: 't',
    region: 'us',
    apiVersion: '2.16',
    concurrency: 50,
    reserve: '0%',
  })
  for (const wrong of [2.1, '2.1', '2.9', 2.2, '2.17', 2]) assert.equal(versionOf(wrong).success, false, String(wrong))
})

test('the share of the rate limit for other apps is written in percent', () => {
  const reserveOf = (reserve: unknown) => {
    const { success, data } = target.config.safeParse({ token: 't', reserve })
    return success ? target.http(data).limits[0]?.reserve : undefined
  }
  assert.deepEqual(['0%', '20%', '12.5 %', '90%'].map(reserveOf), [0, 0.2, 0.125, 0.9])
  assert.deepEqual(['95%', '20', 0.2, '-5%', '100%'].map(reserveOf), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('a tag named twice, or by nothing, is refused', () => {
  const { settings } = contactTag
  assert.match(settings.safeParse({ tags: ['Premium', ' pREMIUM '] }).error?.issues[0]?.message ?? '', /listed twice/)
  assert.equal(settings.safeParse({ tags: [] }).success, false)
  assert.equal(settings.safeParse({ tags: ['  '] }).success, false)
})

test('a workspace of another region is told apart, unless the base URL is given', () =>
  bench({ emulator: { region: 'eu' } }, async ({ io, fault }) => {
    const reported = await fault(() => target.identify({ ...io, config: target.config.parse({ token: canary }) }))
    assert.equal(reported.code, 'wrong-region')
    assert.match(reported.advice ?? '', /region: eu/)
    await target.identify({ ...io, config: target.config.parse({ token: canary, region: 'eu' }) })
    await target.identify({
      ...io,
      config: target.config.parse({ token: canary, baseUrl: 'http://127.0.0.1:4010' }),
    })
  }))

test('a renamed tag is followed, even when another took its name', () =>
  bench({}, async ({ resolve, emulator: { world } }) => {
    const id = (await resolve(['premium'])).groups[0]?.id
    world.renameTag('Premium', 'Platinum')
    const renamed = await resolve(['Premium'])
    assert.deepEqual(renamed.groups, [{ name: 'Platinum', id }])
    assert.match(renamed.notices[0]?.words ?? '', /now called "Platinum"/)
    world.createTag('PREMIUM')
    const usurped = await resolve(['Premium'], { create: true })
    assert.deepEqual(usurped.groups, [{ name: 'Platinum', id }])
    assert.match(usurped.notices[0]?.words ?? '', /Another tag .* now has the name/)
  }))

test('a tag that vanished is a Fault, also when a new one has its name', () =>
  bench({}, async ({ resolve, fault, emulator: { world } }) => {
    await resolve(['Premium'])
    world.deleteTag('Premium')
    assert.equal((await fault(() => resolve(['Premium'], { create: true }))).code, 'tag-vanished')
    world.createTag('premium')
    const reported = await fault(() => resolve(['Premium']))
    assert.equal(reported.code, 'tag-vanished')
    assert.match(reported.message, /new tag of the same name/)
  }))

test('an unknown tag comes with the nearest names', () =>
  bench({}, async ({ resolve, fault }) => {
    const reported = await fault(() => resolve(['Premuim']))
    assert.equal(reported.code, 'tag-not-found')
    assert.match(reported.message, /Did you mean "Premium"\?/)
  }))

for (const { object, apiVersion } of [
  { object: 'company_tag', apiVersion: '2.14' },
  { object: 'company_tag', apiVersion: '2.16' },
  { object: 'contact_tag', apiVersion: '2.16' },
] as const) {
  test(`${object}, ${apiVersion}: a tag renamed under us is noticed at the first call`, () =>
    bench({ object, apiVersion }, async (b) => {
      const {
        resolve,
        deliver,
        harness,
        emulator: { world },
      } = b
      const resolved = await resolve(['Premium'])
      const id = resolved.groups[0]?.id
      world.renameTag('Premium', 'Platinum')
      const { outcomes, fault } = await deliver(
        resolved,
        'attach',
        range(10, (i) => harness.existing(i)),
      )
      assert.equal(fault?.code, 'tag-changed')
      assert.match(
        fault.message,
        new RegExp(`"Premium" \\(id ${id}\\) was renamed to "Platinum".*did not exist when this Run started`),
      )
      assert.ok(statuses(outcomes).every((status) => status === 'on-hold'))
      assert.equal(outcomes.size, 10)
      // The next run uses the renamed tag, and the records get it.
      const again = await deliver(
        await resolve(['Premium']),
        'attach',
        range(10, (i) => harness.existing(i)),
      )
      assert.ok(statuses(again.outcomes).every((status) => status === 'delivered'))
      assert.equal(harness.holds(harness.existing(3)).includes('Platinum'), true)
    }))
}

test('2.14: a renamed tag is noticed even when no company is found', () =>
  bench({ object: 'company_tag', apiVersion: '2.14' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.world.renameTag('Premium', 'Platinum')
    const { outcomes, fault } = await b.deliver(resolved, 'attach', [b.harness.unknown(1), b.harness.unknown(2)])
    assert.equal(fault?.code, 'tag-changed')
    assert.deepEqual(statuses(outcomes), ['rejected', 'rejected'])
  }))

test('a tag deleted midway is a Fault, not the fault of its contacts', () =>
  bench({ apiVersion: '2.15' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.world.deleteTag('Premium')
    const { outcomes, fault } = await b.deliver(resolved, 'attach', [b.harness.existing(1), b.harness.unknown(1)])
    assert.equal(fault?.code, 'tag-vanished')
    assert.equal(outcomes.get(b.harness.existing(1).value)?.status, 'on-hold')
    assert.equal(outcomes.get(b.harness.unknown(1).value)?.status, 'rejected')
  }))

test('2.14: halving finds one unknown company of 100 in 15 calls', () =>
  bench({ object: 'company_tag', apiVersion: '2.14' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.writes()
    const { outcomes } = await b.deliver(
      resolved,
      'attach',
      range(100, (i) => (i === 37 ? b.harness.unknown(i) : b.harness.existing(i))),
    )
    assert.equal(statuses(outcomes).filter((status) => status === 'delivered').length, 99)
    assert.ok(b.writes() <= 15)
    assert.equal(b.emulator.world.members('Premium', 'company').length, 99)
  }))

test('2.16: an unknown company costs one read, by id; calls are as counted', () =>
  bench({ object: 'company_tag' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    const before = b.emulator.requests.counters()
    const { outcomes } = await b.deliver(
      resolved,
      'attach',
      range(100, (i) => (i === 37 ? b.harness.unknown(i) : b.harness.existing(i))),
    )
    const after = b.emulator.requests.counters()
    assert.equal(statuses(outcomes).filter((status) => status === 'delivered').length, 99)
    assert.deepEqual([after.writes - before.writes, after.reads - before.reads], [1, 1])
    assert.equal(b.object.countCalls(resolved.ready, 'attach', 250), 3)
  }))

test('2.16: when reading fails after the call was carried out, nothing is claimed untold', () =>
  bench({ object: 'company_tag' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.faults.add({ path: '/companies', effect: { type: 'status', status: 503 } })
    const targetRecords = [...range(20, companyId), 'company-unknown'].map((value) => ({ field: 'company_id', value }))
    const { outcomes, fault } = await b.deliver(resolved, 'attach', targetRecords)
    assert.equal(fault, undefined)
    assert.deepEqual(new Set(statuses(outcomes)), new Set(['unconfirmed']))
  }))

test('2.16: fifty contacts go in one call; single makes it fifty', () =>
  bench({}, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.writes()
    await b.deliver(
      resolved,
      'attach',
      range(50, (i) => b.harness.existing(i)),
    )
    assert.equal(b.writes(), 1)
    await b.deliver(
      resolved,
      'detach',
      range(50, (i) => b.harness.existing(i)),
    )
    assert.equal(b.writes(), 50)
    assert.deepEqual(
      ['attach', 'detach'].map((kind) => b.object.countCalls(resolved.ready, kind as 'attach', 120)),
      [3, 120],
    )
  }))

test('2.16: an answer of another shape is settled one by one, and remembered', () =>
  bench({ emulator: { bulkAnswer: 'bare' } }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.writes()
    const targetRecords = [...range(9, (i) => b.harness.existing(i)), b.harness.unknown(1)]
    const { outcomes } = await b.deliver(resolved, 'attach', targetRecords)
    assert.equal(outcomes.get(b.harness.unknown(1).value)?.status, 'rejected')
    assert.equal(statuses(outcomes).filter((status) => status === 'delivered').length, 9)
    assert.equal(b.writes(), 11)
    await b.deliver(resolved, 'attach', targetRecords)
    assert.equal(b.writes(), 10)
  }))

test('a merged contact is refused with the id of the one that survived', () =>
  bench({ apiVersion: '2.15' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.faults.add({
      method: 'POST',
      path: '/contacts/**',
      effect: {
        type: 'status',
        status: 410,
        headers: { Link: '</contacts/6762f0dd1bb69f0000000009>; rel="canonical"' },
        body: { type: 'error.list', errors: [{ code: 'contact_merged', message: 'Contact was merged' }] },
      },
    })
    const outcome = (await b.deliver(resolved, 'attach', [b.harness.existing(1)])).outcomes.get(
      b.harness.existing(1).value,
    )
    assert.ok(outcome?.status === 'rejected' && outcome.code === 'not-found' && outcome.httpStatus === 410)
    assert.match(outcome.message, /merged into 6762f0dd1bb69f0000000009/)
  }))

test('a tag that was not there to detach is already in place', () =>
  bench({ object: 'conversation_tag' }, async (b) => {
    const resolved = await b.resolve(['Premium', 'Region-EU'])
    b.harness.put(b.harness.existing(1), 'Region-EU')
    const { outcomes } = await b.deliver(resolved, 'detach', [b.harness.existing(1), b.harness.existing(2)])
    assert.deepEqual([outcomes.get('1')?.status, outcomes.get('2')?.status], ['delivered', 'in-place'])
  }))

test("conversations are tagged as the token's owner, or as the admin configured", async () => {
  const owner = { tokens: { [canary]: { scopes: 'all', adminId: admins[1]?.id ?? '' } } } as const
  const taggedBy = async (settings: object): Promise<unknown> => {
    let by: unknown
    await bench({ object: 'conversation_tag', emulator: owner, settings: { ...settings } }, async (b) => {
      await b.deliver(await b.resolve(['Premium']), 'attach', [b.harness.existing(1)])
      const { body } = await b.io.http.send({
        method: 'GET',
        path: '/conversations/1',
        effect: 'read',
        repeatable: true,
      })
      by = (body as { tags: { tags: { applied_by: { id: string } }[] } }).tags.tags[0]?.applied_by.id
    })
    return by
  }
  assert.equal(await taggedBy({}), admins[1]?.id)
  assert.equal(await taggedBy({ admin: admins[2]?.email.toUpperCase() }), admins[2]?.id)
  assert.equal(await taggedBy({ admin: admins[0]?.id }), admins[0]?.id)
  await bench({ object: 'conversation_tag', settings: { admin: 'nobody@example.com' } }, async (b) => {
    assert.equal((await b.fault(() => b.resolve(['Premium']))).code, 'admin-not-found')
  })
})

test('a missing scope, and a plan that does not allow it, are auth Faults that say what to do', () =>
  bench({}, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.setScopes(allScopes.filter((scope) => scope !== 'write_tags'))
    const scope = await b.deliver(resolved, 'attach', [
      ...range(3, (i) => b.harness.existing(i)),
      { field: 'id', value: '..' },
    ])
    assert.deepEqual([scope.fault?.kind, scope.fault?.code], ['auth', 'missing-scope'])
    assert.match(`${scope.fault?.message} ${scope.fault?.advice}`, /"Write tags".*Developer Hub/)
    // Outcomes rejected without a request are kept together with those that the Fault left on hold.
    assert.deepEqual([...statuses(scope.outcomes)].sort(), ['on-hold', 'on-hold', 'on-hold', 'rejected'])
    b.emulator.restrictPlan(true)
    assert.equal((await b.deliver(resolved, 'attach', [b.harness.existing(1)])).fault?.code, 'plan-restricted')
  }))

test('an id that any URL would swallow is refused without a request', () =>
  bench({ apiVersion: '2.15' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    const before = b.emulator.requests.counters().total
    const { outcomes } = await b.deliver(
      resolved,
      'detach',
      ['.', '..'].map((value) => ({ field: 'id', value })),
    )
    assert.deepEqual(statuses(outcomes), ['rejected', 'rejected'])
    assert.equal(b.emulator.requests.counters().total, before)
  }))
