import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactId, externalId } from '../emulator/index.ts'
import { by, on, recordBench, short, words } from '../record-bench.fixture.ts'

test('delete and archive are done, and safe to repeat', () =>
  recordBench({}, async (b) => {
    b.emulator.world.mergeContact(7, 8)
    const operations = [
      on('delete', contactId(1)),
      on('archive', contactId(2)),
      on('archive', contactId(900)),
      on('delete', contactId(7)),
      on('archive', contactId(7)),
    ]
    const again = ['rejected not-found id', 'rejected not-found id', 'rejected not-found id']
    assert.deepEqual((await b.deliver(operations)).map(short), ['delivered', 'delivered', ...again])
    assert.deepEqual((await b.deliver(operations)).map(short), ['in-place', 'delivered', ...again])
    assert.match(words((await b.deliver(operations))[3]), new RegExp(`merged into ${contactId(8)}`))
    const { contacts, archivedContacts, goneContacts } = b.emulator.world.summary()
    assert.deepEqual([contacts, archivedContacts, goneContacts], [57, 1, 2])
  }))

test('a lost answer, a page of HTML, an overload: repeated until it is known; an empty answer is in doubt', () =>
  recordBench({}, async (b) => {
    const troubles = [
      { type: 'reset', applied: true },
      { type: 'reset' },
      { type: 'status', status: 503, applied: true },
      { type: 'html' },
      { type: 'status', status: 429 },
    ] as const
    for (const [at, effect] of troubles.entries()) {
      b.emulator.faults.clear()
      b.emulator.faults.add({ method: 'DELETE', count: 1, effect })
      b.emulator.faults.add({ method: 'POST', path: '/contacts/*/archive', count: 1, effect })
      const outcomes = await b.deliver([on('delete', contactId(10 + at)), on('archive', contactId(20 + at))])
      const applied = 'applied' in effect
      assert.deepEqual(outcomes.map(short), [applied ? 'in-place' : 'delivered', 'delivered'], JSON.stringify(effect))
      assert.deepEqual(
        [await b.read(`/contacts/${contactId(10 + at)}`), await b.read(`/contacts/${contactId(20 + at)}`)],
        [404, 404],
      )
    }
    b.emulator.faults.add({ effect: { type: 'empty' }, method: 'DELETE' })
    assert.deepEqual((await b.deliver([on('delete', contactId(1))])).map(short), ['unconfirmed'])
  }))

test('an archived twin stands in the way, and the refusal says what to do', () =>
  recordBench({}, async (b) => {
    b.emulator.world.archiveContact(4)
    const outcomes = await b.deliver([
      by('upsert', { external_id: externalId(4) }, { name: 'New' }),
      by('create', { external_id: externalId(4) }),
    ])
    assert.deepEqual(outcomes.map(short), ['rejected archived', 'rejected archived'])
    assert.match(words(outcomes[0]), new RegExp(`id ${contactId(4)}.*archived: unarchive`))
    assert.equal(await b.read(`/contacts/${contactId(4)}`), 404)
  }))

test('with archived: unarchive the twin comes back with the new values; one that was deleted cannot', () =>
  recordBench({ settings: { archived: 'unarchive' } }, async (b) => {
    b.emulator.world.archiveContact(4)
    b.emulator.world.archiveContact(6)
    b.emulator.world.deleteContact(5)
    const outcomes = await b.deliver([
      by('upsert', { external_id: externalId(4) }, { name: 'Back' }),
      by('upsert', { external_id: externalId(5) }, { name: 'Gone' }),
      by('upsert', { email: 'somebody@else.example' }, { external_id: externalId(6), name: 'Intruder' }),
    ])
    assert.deepEqual(outcomes.map(short), ['delivered restored', 'rejected archived', 'rejected archived'])
    assert.deepEqual([outcomes[0]?.targetId, outcomes[0]?.effect], [contactId(4), 'restored'])
    assert.match(words(outcomes[1]), /permanent deletion/)
    assert.equal((await b.read(`/contacts/${contactId(4)}`)).name, 'Back')
  }))

test('an answer lost between unarchiving and updating leaves the record in doubt', () =>
  recordBench({ settings: { archived: 'unarchive' } }, async (b) => {
    b.emulator.world.archiveContact(4)
    b.emulator.faults.add({ method: 'PUT', path: '/contacts/*', effect: { type: 'reset' } })
    assert.deepEqual((await b.deliver([by('upsert', { external_id: externalId(4) }, { name: 'Back' })])).map(short), [
      'unconfirmed',
    ])
  }))
