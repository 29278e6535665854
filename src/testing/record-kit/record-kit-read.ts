import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oddTexts } from './record-kit-find.ts'
import { valuesOf } from './record-honesty.ts'
import { onTargetRecord, withRecords } from './record-session.ts'
import type { RecordCase } from './record-harness.ts'

/** Direct reads must show the latest writes, and must report deleted target records as gone. */
export function readRecordTests(testCase: RecordCase): void {
  const { object, identifier } = testCase
  const own = (id: string) => ({ field: 'id', value: id })

  test('observe tells all fields of what is there, whatever the index shows', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness, io, config } = session
      harness.index?.stall()
      const [full, bare] = [harness.make(testCase.name('full')), harness.make(testCase.name('bare'))]
      harness.change(full, valuesOf(testCase, 1))
      const seen = await session.observe([own(full), own(bare)])
      const of = (id: string) => seen.find(({ identity }) => identity.value === id) ?? assert.fail('not observed')
      const listed = ((await object.fields?.list(io, config)) ?? []).map(({ name }) => name)
      for (const id of [full, bare]) {
        assert.deepEqual([of(id).targetId, of(id).groups], [id, []])
        assert.deepEqual(
          listed.filter((name) => of(id).fields?.[name] === undefined),
          [],
          'fields that are not told',
        )
        assert.ok(Number.isSafeInteger(of(id).createdAt ?? 0))
      }
      for (const { field, values } of testCase.samples) {
        assert.equal(of(full).fields?.[field], values[1], field)
        assert.equal(of(bare).fields?.[field], harness.holds(bare)?.[field], field)
      }
      const { outcomes } = await session.deliver([onTargetRecord('update', full, valuesOf(testCase, 0))])
      assert.equal(outcomes.get('0')?.status, 'delivered')
      const [now] = await session.observe([own(full)])
      for (const { field, values } of testCase.samples) assert.equal(now?.fields?.[field], values[0], field)
    }))

  test('observe says null of what is gone, and of what never was', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness } = session
      harness.index?.stall()
      const gone = (['delete', 'archive'] as const)
        .filter((how) => object.operations.includes(how))
        .map((how) => {
          const id = harness.make(testCase.name(how))
          harness.end(id, how)
          return id
        })
      const there = harness.make(testCase.name('there'))
      const missing = [...gone, harness.unknown(1), ...oddTexts, 'x'.repeat(10_000), '\u{d800}', '']
      const seen = await session.observe([...missing, there].map(own))
      assert.deepEqual(seen.map(({ identity }) => identity.value).sort(), [...missing, there].sort())
      assert.deepEqual(
        seen.filter(({ groups }) => groups !== null).map(({ identity }) => identity.value),
        [there],
      )
    }))

  test('observe never calls missing what another identifier names', () =>
    withRecords(testCase, {}, async (session) => {
      const names = oddTexts.map((text) => testCase.name(text))
      const ids = names.map((name) => session.harness.make(name))
      const seen = await session.observe(names.map((value) => ({ field: identifier, value })))
      for (const {
        identity: { value },
        targetId,
      } of seen)
        assert.equal(targetId, ids[names.indexOf(value)], value)
      // An identifier that a direct read does not support needs a lookup first.
      if (object.identifiers.find(({ field }) => field === identifier)?.found !== true)
        assert.equal(seen.length, names.length)
    }))
}
