import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withRecords, type RecordSession } from './record-session.ts'
import type { Field, FieldList, FieldType } from '../../connect/index.ts'
import { isDone, statuses } from '../target-kit/outcome-honesty.ts'
import type { RecordCase } from './record-harness.ts'

const types: readonly FieldType[] = ['text', 'integer', 'decimal', 'boolean', 'date', 'timestamp']

/** The Fields of the object: those that the Target has now, and one that the test creates. */
export function fieldTests(testCase: RecordCase): void {
  const { fields } = testCase.object
  assert.ok(fields !== undefined, `${testCase.object.id} has no fields: try the target kit`)

  test('fields are listed with types, reasons and options, and listing changes nothing', () =>
    withRecords(testCase, {}, async ({ harness, io }) => {
      const before = harness.state()
      const listed = await fields.list(io)
      assert.deepEqual(harness.state(), before)
      assert.equal(new Set(listed.map(({ name }) => name)).size, listed.length, 'a field is listed twice')
      for (const field of listed) assertField(field)
      const writable = new Map(listed.filter((field) => field.writable).map((field) => [field.name, field]))
      for (const { field, type, values } of testCase.samples) {
        assert.equal(writable.get(field)?.type, type, `${field} is not listed as writable, of ${type}`)
        assert.notEqual(writable.get(field)?.neverEmpty, true, `a sample may be emptied, ${field} never`)
        assert.notEqual(values[0], values[1])
      }
      const tried = new Set(testCase.samples.map(({ type }) => type))
      assert.deepEqual(
        [...new Set([...writable.values()].map(({ type }) => type))].filter((type) => !tried.has(type)),
        [],
        'types without a sample',
      )
      assert.equal(testCase.samples[0]?.type, 'text')
      for (const name of Object.keys(testCase.always ?? {})) assert.ok(writable.has(name), `${name} is not writable`)
    }))

  if (testCase.object.operations.includes('update')) {
    test('a value for what cannot be written is never called delivered', () =>
      withRecords(testCase, {}, async (session) => {
        const id = session.harness.make(testCase.name('thing'))
        const listed = await fields.list(session.io)
        for (const { name, type } of listed.filter(({ writable }) => !writable)) {
          const value = testCase.samples.find((sample) => sample.type === type)?.values[0] ?? 'x'
          const { outcomes } = await session.deliver([
            { kind: 'update', identity: { field: 'id', value: id }, fields: { [name]: value } },
          ])
          const outcome = outcomes.get('0')
          assert.ok(outcome?.status === 'rejected' && outcome.field === name, `${name}: ${JSON.stringify(outcome)}`)
        }
      }))
  }

  const { createSetting } = fields
  const create = fields.create?.bind(fields)
  assert.equal(
    createSetting === undefined,
    create === undefined,
    'what can be created has a setting that allows it, and the other way round',
  )
  if (create !== undefined) creationTests(testCase, fields, create)
}

function creationTests(testCase: RecordCase, fields: FieldList, create: NonNullable<FieldList['create']>): void {
  const newField =
    testCase.newField?.bind(testCase) ?? assert.fail('the case of an object that creates fields names one')
  const named = async ({ io }: RecordSession, name: string): Promise<readonly Field[]> =>
    (await fields.list(io)).filter((field) => field.name.toLowerCase() === name.toLowerCase())

  test('a field of each type can be made, and made again, and takes values', () =>
    withRecords(testCase, {}, async (session) => {
      const id = session.harness.make(testCase.name('wide'))
      for (const type of types) {
        const name = newField(type)
        const sample = testCase.samples.find((each) => each.type === type)
        for (const repeat of [1, 2]) {
          const made = await create(session.io, { name, type })
          assert.deepEqual([made.name, made.type, made.writable], [name, type, true], `time ${repeat}`)
          assert.deepEqual(
            (await named(session, name)).map((field) => field.type),
            [type],
            `time ${repeat}`,
          )
        }
        if (sample === undefined) continue
        await session.ready()
        const { outcomes } = await session.deliver([
          { kind: 'update', identity: { field: 'id', value: id }, fields: { [name]: sample.values[0] } },
        ])
        assert.ok(statuses(outcomes).every(isDone), JSON.stringify([...outcomes]))
        assert.deepEqual(
          (await session.observe([{ field: 'id', value: id }])).map((seen) => seen.fields?.[name]),
          [sample.values[0]],
        )
      }
    }))

  test('a field that is there with another type, or cannot be made, is a config Fault', () =>
    withRecords(testCase, {}, async (session) => {
      const name = newField('taken')
      await create(session.io, { name, type: 'boolean' })
      const before = session.harness.state()
      for (const wrong of [
        { name, type: 'text' },
        { name: '', type: 'text' },
        { name: newField(''), type: 'text' },
      ] as const) {
        const { kind, advice } = await session.fault(() => create(session.io, wrong))
        assert.equal(kind, 'config', wrong.name)
        assert.ok(advice)
      }
      assert.deepEqual(session.harness.state(), before)
    }))

  test('a field whose making was not answered is there once', () =>
    withRecords(testCase, {}, async (session) => {
      for (const kind of ['lost-before', 'lost-after', 'html-after', 'unavailable', 'too-many'] as const) {
        const name = newField(kind.replace('-', ''))
        session.harness.hurt({ kind, count: 1, writesOnly: true })
        assert.equal((await create(session.io, { name, type: 'integer' })).name, name)
        session.harness.heal()
        assert.equal((await named(session, name)).length, 1, kind)
      }
    }))
}

function assertField(field: Field): void {
  const { name, label, type, writable, options, remark } = field
  const reported = JSON.stringify(field)
  assert.ok(name !== '' && label !== '', reported)
  assert.ok(types.includes(type), reported)
  if (!writable) assert.ok(remark, `it does not say why it cannot be written: ${reported}`)
  if (options !== undefined)
    assert.ok(options.length > 0 && options.every((option) => typeof option === 'string'), reported)
  if (field.required === true || field.neverEmpty === true) assert.ok(writable, reported)
}
