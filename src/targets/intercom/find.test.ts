import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactEmail, contactId, externalId } from './emulator/index.ts'
import { range } from '../../testing/target-kit/outcome-honesty.ts'
import { recordBench } from './record-bench.fixture.ts'

test('1,000 e-mails, external ids or ids are found in 7 calls each, for tags as for whole contacts', async () => {
  for (const object of ['contact', 'contact_tag']) {
    await recordBench(
      { object, emulator: { contacts: 1000 }, settings: object === 'contact' ? {} : { tags: ['Premium'] } },
      async (b) => {
        for (const [field, valueOf] of [
          ['email', contactEmail],
          ['external_id', externalId],
          ['id', contactId],
        ] as const) {
          await b.find(field, [])
          b.calls()
          const found = await b.find(field, [...range(1000, valueOf), valueOf(5000)])
          assert.deepEqual(b.calls(), { reads: 1 + 7, writes: 0 })
          assert.deepEqual(
            found.map(({ value, matches: [match] }) => `${value} ${match?.targetId}`),
            range(1000, (i) => `${valueOf(i)} ${contactId(i)}`),
          )
        }
      },
    )
  }
})

test('a match says who it is; objects without fields have the identifiers alone', async () => {
  const emulator = {
    contacts: [
      { id: 'a', external_id: '1', email: 'Jane@Acme.com', name: 'Jane Doe', custom_attributes: { seats: 3 } },
      { id: 'b', external_id: '2', email: 'jane@acme.com', role: 'lead' as const, name: null },
    ],
  }
  await recordBench({ emulator }, async (b) => {
    const [found] = await b.find('email', ['jane@acme.com'])
    const [jane, lead] = found?.matches ?? []
    assert.match(jane?.label ?? '', /^Jane Doe <jane@acme\.com>, user, since 20\d\d-\d\d-\d\d$/)
    assert.match(lead?.label ?? '', /^<jane@acme\.com>, lead, since/)
    assert.deepEqual(
      [
        jane?.fields['custom_attributes.seats'],
        jane?.fields['external_id'],
        jane?.fields['phone'],
        typeof jane?.createdAt,
      ],
      [3, '1', null, 'number'],
    )
    assert.match(String(jane?.fields['created_at']), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })
  await recordBench({ object: 'contact_tag', emulator, settings: { tags: ['Premium'] } }, async (b) => {
    const [found] = await b.find('external_id', ['1'])
    assert.deepEqual(found?.matches[0]?.fields, { id: 'a', external_id: '1', email: 'jane@acme.com' })
  })
})

test('more matches than a page holds are read to the end', () =>
  recordBench(
    {
      emulator: { contacts: range(320, (i) => ({ id: `c${i}`, external_id: String(i), email: 'shared@acme.com' })) },
    },
    async (b) => {
      const [found] = await b.find('email', ['shared@acme.com', 'nobody@acme.com'])
      assert.equal(new Set(found?.matches.map(({ targetId }) => targetId)).size, 320)
    },
  ))

test('values that name nothing do not keep others from being found', () =>
  recordBench({}, async (b) => {
    const odd = [
      '',
      '..',
      '"} OR {"',
      '\u0000',
      '\ud800',
      '🦊',
      'x'.repeat(1001),
      '9007199254740993',
      'USER-1',
      ' user-1',
      'null',
    ]
    assert.deepEqual(
      (await b.find('external_id', [...odd, externalId(1)])).map(({ value }) => value),
      [externalId(1)],
    )
    assert.deepEqual(
      (await b.find('id', [...odd, contactId(1)])).map(({ value }) => value),
      [contactId(1)],
    )
  }))

test('a value that the search refuses is not found, alone', () =>
  recordBench({}, async (b) => {
    // A call that one rule hits does not count for the next rule. Hit are the 1st call (four values), the 2nd (two
    // values) and the 4th (one value).
    for (const nth of [1, 1, 2])
      b.emulator.faults.add({ path: '/contacts/search', nth, effect: { type: 'status', status: 400 } })
    assert.equal((await b.find('external_id', range(4, externalId))).length, 3)
  }))

test('an index that matches in another case is not believed', () =>
  recordBench({}, async (b) => {
    const contact = { type: 'contact', id: 'x', external_id: 'ABC', email: 'a@b.example' }
    b.emulator.faults.add({
      path: '/contacts/search',
      count: 1,
      effect: { type: 'status', status: 200, body: { type: 'list', data: [contact], total_count: 1, pages: {} } },
    })
    assert.deepEqual(await b.find('external_id', ['abc']), [])
  }))

test('archived and merged contacts are not found; direct reads see what the index does not know yet', () =>
  recordBench({ emulator: { indexLagMs: 3_600_000 } }, async (b) => {
    b.emulator.world.archiveContact(1)
    b.emulator.world.mergeContact(2, 3)
    const want = [
      { field: 'id', value: contactId(1) },
      { field: 'external_id', value: externalId(2) },
      { field: 'external_id', value: externalId(3) },
      { field: 'id', value: '..' },
    ]
    assert.deepEqual(
      (await b.observe(want)).map(({ groups }) => groups),
      [null, null, [], null],
    )
    assert.equal((await b.find('id', range(3, contactId))).length, 3)
    b.emulator.world.catchUp()
    assert.deepEqual(
      (await b.find('id', range(3, contactId))).map(({ value }) => value),
      [contactId(3)],
    )
  }))

test('companies are found one to a call, by either id', () =>
  recordBench({ object: 'company' }, async (b) => {
    const found = await b.find('company_id', ['company-3', 'company-900', '', 'COMPANY-4'])
    assert.deepEqual(
      found.map(({ value, matches }) => [value, matches[0]?.fields['company_id'], matches[0]?.label.split(',')[0]]),
      [['company-3', 'company-3', 'Company 3 (company_id company-3)']],
    )
    const id = found[0]?.matches[0]?.targetId ?? ''
    assert.deepEqual(
      (await b.find('id', [id, '..', 'nothing'])).map(({ value }) => value),
      [id],
    )
  }))
