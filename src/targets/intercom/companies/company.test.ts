import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyId, companyIntercomId } from '../emulator/index.ts'
import { by, on, recordBench, short, words, type RecordSetup } from '../record-bench.fixture.ts'

const setup: RecordSetup = { object: 'company' }

test('companies are created and updated by company_id, and say which it was as far as it can be told', () =>
  recordBench(setup, async (b) => {
    const fields = {
      name: 'Acme 🦊',
      plan: 'Enterprise',
      size: 42,
      monthly_spend: 1999,
      industry: 'Rockets',
      remote_created_at: '2020-01-02T03:04:05Z',
      'custom_attributes.renewal_date': '2027-01-31',
      'custom_attributes.monthly_value': 0.5,
    }
    const outcomes = await b.deliver([
      by('upsert', { company_id: '0042' }, fields),
      by('upsert', { company_id: companyId(3) }, fields),
    ])
    assert.deepEqual(outcomes.map(short), ['delivered created', 'delivered'])
    assert.deepEqual([outcomes[1]?.targetId, outcomes[1]?.effect], [companyIntercomId(3), 'changed'])
    for (const seen of await b.observe([
      { field: 'company_id', value: '0042' },
      { field: 'id', value: companyIntercomId(3) },
    ])) {
      for (const [field, value] of Object.entries(fields)) assert.equal(seen.fields?.[field], value, field)
      assert.equal(typeof seen.createdAt, 'number')
    }
    assert.equal(b.emulator.world.summary().companies, 21)
  }))

test("create leaves a company that is there; update and delete go by Intercom's id", () =>
  recordBench(setup, async (b) => {
    const outcomes = await b.deliver([
      by('create', { company_id: companyId(1) }, { name: 'x' }),
      by('create', { company_id: 'new' }, { name: 'New' }),
      on('update', companyIntercomId(2), { name: 'Two', plan: 'Basic' }),
      on('update', companyIntercomId(3), { remote_created_at: '2020-01-01T00:00:00Z', name: 'Three' }),
      on('delete', companyIntercomId(4)),
      on('update', companyIntercomId(900), { name: 'x' }),
      on('delete', companyIntercomId(900)),
    ])
    assert.deepEqual(outcomes.map(short), [
      'rejected already-exists',
      'delivered created',
      'delivered',
      'delivered',
      'delivered',
      'rejected not-found id',
      'in-place',
    ])
    const name = async (i: number) => (await b.read(`/companies/${companyIntercomId(i)}`)).name
    assert.deepEqual([await name(1), await name(2), await name(3)], ['Company 1', 'Two', 'Three'])
    assert.equal(b.emulator.world.summary().companies, 20)
  }))

test('one record of each kind of trouble, and the others are delivered', () =>
  recordBench(setup, async (b) => {
    const outcomes = await b.deliver([
      by('upsert', { company_id: 'a' }, { 'custom_attributes.unheard_of': 1 }),
      by('upsert', { company_id: 'b' }, { name: 'B', monthly_spend: 2 ** 31 }),
      by('upsert', { company_id: 'c' }, { monthly_spend: 10.5 }),
      by('upsert', { company_id: 'd' }, { 'custom_attributes.retired': 'x' }),
      by('upsert', { company_id: 'e' }, { user_count: 3 }),
      by('upsert', { id: companyIntercomId(900) }, { name: 'x' }),
      on('update', companyIntercomId(1), { monthly_spend: null }),
      by('upsert', { company_id: 'f' }, { name: 'F' }),
    ])
    assert.deepEqual(outcomes.map(short), [
      'rejected invalid-value custom_attributes.unheard_of',
      'rejected invalid-value monthly_spend',
      'rejected refused monthly_spend',
      'rejected refused custom_attributes.retired',
      'rejected invalid-value user_count',
      'rejected invalid-value',
      'rejected invalid-value monthly_spend',
      'delivered created',
    ])
    assert.deepEqual([outcomes[2]?.effect, outcomes[3]?.effect], ['created', 'created'])
    assert.match(words(outcomes[2]), /holds 10/)
  }))

test('two who create the same company at once: the second try updates, and a lasting clash waits', () =>
  recordBench(setup, async (b) => {
    const clash = {
      type: 'status',
      status: 409,
      body: { type: 'error.list', errors: [{ code: 'unique_company_constraint', message: 'Company already exists.' }] },
    } as const
    b.emulator.faults.add({ method: 'POST', path: '/companies', nth: 1, effect: clash })
    assert.deepEqual((await b.deliver([by('upsert', { company_id: companyId(1) }, { name: 'One' })])).map(short), [
      'delivered',
    ])
    b.emulator.faults.clear()
    b.emulator.faults.add({ method: 'POST', path: '/companies', effect: clash })
    assert.deepEqual(
      (await b.deliver([by('upsert', { company_id: companyId(1) }), by('create', { company_id: 'n' })])).map(short),
      ['on-hold', 'rejected already-exists'],
    )
  }))

test('lost answers are repeated, an empty one is in doubt', () =>
  recordBench(setup, async (b) => {
    for (const [at, effect] of (
      [
        { type: 'reset', applied: true },
        { type: 'reset' },
        { type: 'html', applied: true },
        { type: 'status', status: 429 },
      ] as const
    ).entries()) {
      b.emulator.faults.clear()
      b.emulator.faults.add({ path: '/companies', method: 'POST', count: 1, effect })
      assert.deepEqual((await b.deliver([by('upsert', { company_id: `n${at}` }, { name: 'N' })])).map(short), [
        'delivered created',
      ])
    }
    assert.equal(b.emulator.world.summary().companies, 24)
    b.emulator.faults.add({ path: '/companies', method: 'POST', effect: { type: 'empty' } })
    assert.deepEqual((await b.deliver([by('upsert', { company_id: 'n0' }, { name: 'M' })])).map(short), ['unconfirmed'])
  }))
