import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Field } from '../../connect/index.ts'
import { recordBench, type RecordBench } from './record-bench.fixture.ts'

async function listed(b: RecordBench): Promise<ReadonlyMap<string, Field>> {
  const fields = (await b.object.fields?.list(b.io)) ?? []
  assert.equal(new Set(fields.map(({ name }) => name)).size, fields.length, 'each name once')
  return new Map(fields.map((field) => [field.name, field]))
}

test('contact fields: types, options, and why some cannot be written', () =>
  recordBench({}, async (b) => {
    const fields = await listed(b)
    const typeOf = (name: string) => fields.get(name)?.type
    assert.deepEqual(
      [
        'email',
        'signed_up_at',
        'created_at',
        'unsubscribed_from_emails',
        'custom_attributes.seats',
        'custom_attributes.monthly_value',
        'custom_attributes.renewal_date',
      ].map(typeOf),
      ['text', 'timestamp', 'timestamp', 'boolean', 'integer', 'decimal', 'date'],
    )
    assert.deepEqual(
      [fields.get('role')?.options, fields.get('custom_attributes.plan')?.options],
      [
        ['user', 'lead'],
        ['free', 'basic', 'premium'],
      ],
    )
    assert.deepEqual(
      ['id', 'created_at', 'location.country', 'custom_attributes.retired'].map((name) => fields.get(name)?.writable),
      [false, false, false, false],
    )
    assert.equal(fields.get('custom_attributes.retired')?.remark, 'archived in Intercom')
    for (const field of fields.values()) assert.ok(field.writable || field.remark !== undefined, field.name)
  }))

test('company fields: the plan by name, money in whole numbers, the company_id as what identifies', () =>
  recordBench({ object: 'company' }, async (b) => {
    const fields = await listed(b)
    const { type, max, writable } = fields.get('monthly_spend') ?? {}
    assert.deepEqual([type, max, writable], ['integer', 2_147_483_647, true])
    assert.deepEqual(
      ['plan', 'plan.name', 'company_id', 'remote_created_at'].map((name) => fields.get(name)?.writable),
      [true, undefined, false, true],
    )
    assert.equal(fields.get('remote_created_at')?.type, 'timestamp')
  }))

test('a missing custom attribute is created with its type, once, and can be written at once', () =>
  recordBench({}, async (b) => {
    const create = (name: string, type: Field['type']) =>
      b.object.fields?.create?.(b.io, { name, type }) ?? assert.fail()
    b.emulator.faults.add({
      method: 'POST',
      path: '/data_attributes',
      count: 1,
      effect: { type: 'reset', applied: true },
    })
    const made = await create('custom_attributes.score', 'decimal')
    assert.deepEqual([made.name, made.type, made.writable], ['custom_attributes.score', 'decimal', true])
    assert.equal((await create('custom_attributes.trial_ends', 'timestamp')).type, 'timestamp')
    const [outcome] = await b.deliver([
      {
        kind: 'upsert',
        identity: { field: 'external_id', value: 'n' },
        fields: { 'custom_attributes.score': 1.5, 'custom_attributes.trial_ends': '2027-01-01T12:00:00Z' },
      },
    ])
    assert.equal(outcome?.status, 'delivered')
    for (const [name, type, why] of [
      ['custom_attributes.plan', 'integer', /plan exists, and holds text/],
      ['custom_attributes.retired', 'text', /archived in Intercom/],
      ['custom_attributes.a/b', 'text', /alphanumeric/],
      ['nickname', 'text', /start with custom_attributes/],
    ] as const) {
      const reported = await b.fault(() => create(name, type))
      assert.deepEqual([reported.kind, reported.code], ['config', 'field-refused'])
      assert.match(reported.message, why)
    }
  }))
