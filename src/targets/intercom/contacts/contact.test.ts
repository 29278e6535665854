import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admins, contactEmail, contactId, externalId } from '../emulator/index.ts'
import { by, on, recordBench, short, words } from '../record-bench.fixture.ts'

test('values go out and come back in canonical form, on every type', () =>
  recordBench({}, async (b) => {
    const fields = {
      email: 'Jane@Acme.com',
      name: 'Jané 🦊',
      phone: '+353 87 123 4567',
      owner_id: admins[1]?.id ?? '',
      signed_up_at: '2024-05-01T10:20:30Z',
      unsubscribed_from_emails: true,
      'custom_attributes.plan': 'premium',
      'custom_attributes.seats': 7,
      'custom_attributes.monthly_value': 12.5,
      'custom_attributes.renewal_date': '2027-01-31',
      'custom_attributes.paid_subscriber': false,
    }
    const [made] = await b.deliver([by('upsert', { external_id: '9007199254740993' }, fields)])
    assert.deepEqual([short(made), made?.targetId?.length], ['delivered created', 24])
    const held = await b.read(`/contacts/${made?.targetId}`)
    assert.deepEqual(
      [held.external_id, held.email, held.signed_up_at, held.custom_attributes.renewal_date, held.role],
      ['9007199254740993', 'jane@acme.com', 1714558830, 1801353600, 'user'],
    )
    const [seen] = await b.observe([{ field: 'external_id', value: '9007199254740993' }])
    assert.deepEqual([seen?.targetId, seen?.createdAt, seen?.groups], [made?.targetId, held.created_at, []])
    const { email: _email, ...same } = fields
    for (const [field, value] of Object.entries(same)) assert.equal(seen?.fields?.[field], value, field)
    assert.deepEqual(
      [seen?.fields?.['email'], seen?.fields?.['custom_attributes.notes'], seen?.fields?.['location.country']],
      ['jane@acme.com', null, null],
    )
  }))

test('an update sets what it names, leaves the rest, and empties with null', () =>
  recordBench({}, async (b) => {
    const id = contactId(3)
    const first = await b.deliver([
      on('update', id, { name: 'Ann', phone: '123', 'custom_attributes.notes': 'x', 'custom_attributes.seats': 2 }),
    ])
    const second = await b.deliver([on('update', id, { phone: null, 'custom_attributes.notes': null, email: null })])
    assert.deepEqual([...first, ...second].map(short), ['delivered', 'delivered'])
    const { name, phone, email, custom_attributes: custom } = await b.read(`/contacts/${id}`)
    assert.deepEqual([name, phone, email, custom.notes, custom.seats], ['Ann', null, '', null, 2])
    const [seen] = await b.observe([{ field: 'id', value: id }])
    assert.equal(seen?.fields?.['email'], null)
  }))

test('one record of each kind of trouble: each says what to do, and the others are delivered', () =>
  recordBench({ emulator: { leadEvery: 5 } }, async (b) => {
    b.emulator.world.archiveContact(20)
    b.emulator.world.mergeContact(21, 22)
    const outcomes = await b.deliver([
      on('update', contactId(1), { name: 'fine' }),
      on('update', contactId(2), { 'custom_attributes.unheard_of': 'x' }),
      on('update', contactId(3), { 'custom_attributes.seats': 'seven' }),
      on('update', contactId(4), { owner_id: '99999999' }),
      on('update', contactId(6), { role: 'lead' }),
      on('update', contactId(7), { external_id: externalId(8) }),
      on('update', contactId(9), { external_id: null }),
      on('update', contactId(11), { 'custom_attributes.retired': 'x', name: 'half' }),
      on('update', contactId(20), { name: 'x' }),
      on('update', contactId(21), { name: 'x' }),
      on('update', contactId(5), { external_id: 'mine' }),
      on('update', contactId(999), { name: 'x' }),
      on('update', '..', { name: 'x' }),
      by('create', { email: 'lead@example.com', external_id: 'x' }, { role: 'lead' }),
      by('upsert', { id: contactId(998) }, { name: 'x' }),
      by('upsert', { external_id: 'y'.repeat(1001) }),
      on('update', contactId(12), { 'custom_attributes.notes': '🦊'.repeat(5000) }),
    ])
    assert.deepEqual(outcomes.map(short), [
      'delivered',
      'rejected invalid-value custom_attributes.unheard_of',
      'rejected invalid-value custom_attributes.seats',
      'rejected invalid-value owner_id',
      'rejected invalid-value role',
      'rejected conflict external_id',
      'rejected invalid-value external_id',
      'rejected refused custom_attributes.retired',
      'rejected not-found id',
      'rejected not-found id',
      'rejected refused external_id',
      'rejected not-found id',
      'rejected invalid-value id',
      'rejected invalid-value external_id',
      'rejected not-found id',
      'rejected too-large external_id',
      'delivered',
    ])
    assert.match(words(outcomes[1]), /createFields: true/)
    assert.match(words(outcomes[3]), /not a member of the workspace.*id of a teammate/)
    assert.match(words(outcomes[5]), new RegExp(contactId(8)))
    assert.match(words(outcomes[7]), /did not accept .*retired.*All other fields were set/)
    assert.match(words(outcomes[9]), /merged/)
    assert.equal((await b.read(`/contacts/${contactId(11)}`)).name, 'half')
  }))

test('a contact that is there: create leaves it, upsert updates it by the id that the refusal names', () =>
  recordBench({}, async (b) => {
    const [created, upserted] = [
      ...(await b.deliver([by('create', { external_id: externalId(4) }, { name: 'New' })])),
      ...(await b.deliver([by('upsert', { external_id: externalId(5) }, { name: 'New' })])),
    ]
    assert.deepEqual([short(created), created?.targetId], ['rejected already-exists', contactId(4)])
    assert.deepEqual([short(upserted), upserted?.targetId, upserted?.effect], ['delivered', contactId(5), 'changed'])
    assert.deepEqual(
      [(await b.read(`/contacts/${contactId(4)}`)).name, (await b.read(`/contacts/${contactId(5)}`)).name],
      ['User 4', 'New'],
    )
    assert.equal(b.emulator.world.summary().contacts, 60)
  }))

test('a refusal that names somebody else is a conflict: nobody is overwritten by a mere value', () =>
  recordBench(
    {
      emulator: {
        contacts: [
          { id: 'only-email', email: 'jane@acme.com' },
          { id: 'other', external_id: '7', email: 'old@acme.com' },
        ],
      },
    },
    async (b) => {
      const outcomes = await b.deliver([
        by('upsert', { email: 'new@acme.com' }, { external_id: '7', name: 'Intruder' }),
        by('upsert', { external_id: '70', email: 'jane@acme.com' }, { name: 'Jane' }),
      ])
      assert.deepEqual(outcomes.map(short), ['rejected conflict external_id', 'delivered'])
      assert.match(words(outcomes[0]), /id other/)
      assert.deepEqual(
        [(await b.read('/contacts/other')).email, (await b.read('/contacts/only-email')).external_id],
        ['old@acme.com', '70'],
      )
    },
  ))

test('leads are made as often as asked, so one in doubt has to wait; a user can be upserted again', () =>
  recordBench({}, async (b) => {
    const lead = { key: 'x', group: '', ...by('upsert', { email: 'a@b.example' }, { role: 'lead' }) }
    assert.equal(b.object.createsTwice?.(lead), true)
    assert.equal(b.object.createsTwice?.({ ...lead, fields: {} }), false)
    assert.equal(b.object.createsTwice?.({ ...lead, kind: 'create', fields: {} }), true)
    const [made] = await b.deliver([lead])
    assert.equal(short(made), 'delivered created')
    assert.equal((await b.read(`/contacts/${made?.targetId}`)).role, 'lead')
  }))

test('owner_id is a number up to 2.15, and text from 2.16', async () => {
  for (const [apiVersion, type] of [
    ['2.15', 'integer'],
    ['2.16', 'text'],
  ] as const) {
    await recordBench({ apiVersion }, async (b) => {
      const owner = admins[1]?.id ?? ''
      const value = type === 'integer' ? Number(owner) : owner
      assert.equal((await b.object.fields?.list(b.io))?.find(({ name }) => name === 'owner_id')?.type, type)
      assert.deepEqual(
        (
          await b.deliver([
            on('update', contactId(1), { owner_id: value }),
            on('update', contactId(10), { owner_id: null }),
          ])
        ).map(short),
        ['delivered', 'delivered'],
      )
      assert.deepEqual(
        (await b.observe([1, 10].map((i) => ({ field: 'id', value: contactId(i) })))).map(
          ({ fields }) => fields?.['owner_id'],
        ),
        [value, null],
      )
    })
  }
})

test('a creation whose answer is lost is in doubt, and never sent twice', async () => {
  for (const applied of [true, false]) {
    for (const effect of [
      { type: 'reset', applied },
      { type: 'status', status: 503, applied },
      { type: 'html', applied },
      { type: 'empty', applied },
    ] as const) {
      await recordBench({}, async (b) => {
        b.emulator.faults.add({ method: 'POST', path: '/contacts', effect })
        const outcomes = await b.deliver([by('create', { email: 'one@acme.com' }, { role: 'lead' })])
        assert.deepEqual(outcomes.map(short), ['unconfirmed'], JSON.stringify(effect))
        assert.equal(b.emulator.world.summary().contacts, applied ? 61 : 60)
        assert.equal(b.calls().writes, 1)
      })
    }
  }
})

test('an update is repeated until it is answered; a 429 is waited out, a create included', () =>
  recordBench({}, async (b) => {
    for (const effect of [
      { type: 'reset', applied: true },
      { type: 'reset' },
      { type: 'status', status: 500 },
      { type: 'html' },
    ] as const) {
      b.emulator.faults.clear()
      b.emulator.faults.add({ method: 'PUT', path: '/contacts/*', count: 1, effect })
      assert.deepEqual((await b.deliver([on('update', contactId(1), { name: effect.type })])).map(short), ['delivered'])
    }
    b.emulator.faults.add({ method: 'POST', path: '/contacts', count: 1, effect: { type: 'status', status: 429 } })
    assert.deepEqual((await b.deliver([by('create', { external_id: 'patient' })])).map(short), ['delivered created'])
    b.emulator.faults.add({ method: 'PUT', path: '/contacts/*', effect: { type: 'empty' } })
    assert.deepEqual((await b.deliver([on('update', contactId(1), { name: 'x' })])).map(short), ['unconfirmed'])
    assert.equal((await b.read(`/contacts/${contactId(1)}`)).name, 'html')
  }))

test('without the permission to write nothing is claimed, and the Fault names it', () =>
  recordBench({}, async (b) => {
    b.emulator.setScopes(['read_users_companies'])
    const reported = await b.fault(() => b.deliver([on('update', contactId(1), { name: 'x' })]))
    assert.deepEqual([reported.kind, reported.code], ['auth', 'missing-scope'])
    assert.match(reported.message, /no permission to update contacts.*"Write users and companies"/)
  }))

test('a duplicate e-mail is legal where external ids differ', () =>
  recordBench({}, async (b) => {
    const outcomes = await b.deliver([by('upsert', { external_id: 'twin' }, { email: contactEmail(1) })])
    assert.deepEqual(outcomes.map(short), ['delivered created'])
    const [found] = await b.find('email', [contactEmail(1)])
    assert.equal(found?.matches.length, 2)
  }))

test('a value that Intercom cut short or changed did not land; one that it only wrote otherwise did', () =>
  recordBench({}, async (b) => {
    const answer = (fields: object) => {
      b.emulator.faults.clear()
      b.emulator.faults.add({
        method: 'PUT',
        path: '/contacts/*',
        effect: { type: 'status', status: 200, body: { type: 'contact', id: contactId(1), ...fields } },
      })
    }
    const asked = { 'custom_attributes.notes': 'x'.repeat(10_240), phone: '+353 (87) 1234' }
    answer({ phone: '+353871234', custom_attributes: { notes: 'x'.repeat(255) } })
    const [cut] = await b.deliver([on('update', contactId(1), asked)])
    assert.equal(short(cut), 'rejected too-large custom_attributes.notes')
    assert.match(words(cut), /from 10240 characters to 255\. All other fields were set/)
    answer({ phone: null, custom_attributes: { notes: 'y' } })
    const [ignored] = await b.deliver([on('update', contactId(1), asked)])
    assert.equal(short(ignored), 'rejected refused custom_attributes.notes')
    assert.match(words(ignored), /The same applies to phone\.$/)
    answer({ custom_attributes: { renewal_date: 1801353600 + 3600 } })
    const days = await b.deliver(
      ['2027-01-31', '2027-01-31T01:00:00Z', '2027-01-31T02:00:00Z'].map((day) =>
        on('update', contactId(1), { 'custom_attributes.renewal_date': day }),
      ),
    )
    assert.deepEqual(days.map(short), ['delivered', 'delivered', 'rejected refused custom_attributes.renewal_date'])
  }))
