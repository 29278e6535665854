import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oddTexts } from './record-kit-find.ts'
import { valuesOf } from './record-honesty.ts'
import { onThing, withRecords } from './record-session.ts'
import type { RecordCase } from './record-stand.ts'

/** Direct reads: they see the latest writes, and say of what is gone that it is gone. */
export function observeRecordTests(kase: RecordCase): void {
  const { object, identifier } = kase
  const own = (id: string) => ({ field: 'id', value: id })

  test('observe tells all fields of what is there, whatever the index shows', () => withRecords(kase, {}, async (session) => {
    const { stand, io, config } = session
    stand.index?.stall()
    const [full, bare] = [stand.make(kase.name('full')), stand.make(kase.name('bare'))]
    stand.change(full, valuesOf(kase, 1))
    const seen = await session.observe([own(full), own(bare)])
    const of = (id: string) => seen.find(({ identity }) => identity.value === id) ?? assert.fail('not observed')
    const listed = (await object.fields?.list(io, config) ?? []).map(({ name }) => name)
    for (const id of [full, bare]) {
      assert.deepEqual([of(id).targetId, of(id).members], [id, []])
      assert.deepEqual(listed.filter((name) => of(id).fields?.[name] === undefined), [], 'fields that are not told')
      assert.ok(Number.isSafeInteger(of(id).createdAt ?? 0))
    }
    for (const { field, values } of kase.samples) {
      assert.equal(of(full).fields?.[field], values[1], field)
      assert.equal(of(bare).fields?.[field], stand.holds(bare)?.[field], field)
    }
    const { outcomes } = await session.deliver([onThing('update', full, valuesOf(kase, 0))])
    assert.equal(outcomes.get('0')?.status, 'delivered')
    const [now] = await session.observe([own(full)])
    for (const { field, values } of kase.samples) assert.equal(now?.fields?.[field], values[0], field)
  }))

  test('observe says null of what is gone, and of what never was', () => withRecords(kase, {}, async (session) => {
    const { stand } = session
    stand.index?.stall()
    const gone = (['delete', 'archive'] as const).filter((how) => object.operations.includes(how)).map((how) => {
      const id = stand.make(kase.name(how))
      stand.end(id, how)
      return id
    })
    const there = stand.make(kase.name('there'))
    const missing = [...gone, stand.unknown(1), ...oddTexts, 'x'.repeat(10_000), '\u{d800}', '']
    const seen = await session.observe([...missing, there].map(own))
    assert.deepEqual(seen.map(({ identity }) => identity.value).sort(), [...missing, there].sort())
    assert.deepEqual(seen.filter(({ members }) => members !== null).map(({ identity }) => identity.value), [there])
  }))

  test('observe never calls missing what another identifier names', () => withRecords(kase, {}, async (session) => {
    const names = oddTexts.map((text) => kase.name(text))
    const ids = names.map((name) => session.stand.make(name))
    const seen = await session.observe(names.map((value) => ({ field: identifier, value })))
    for (const { identity: { value }, targetId } of seen) assert.equal(targetId, ids[names.indexOf(value)], value)
    // Where there is no direct read by it, a thing is found first.
    if (object.identifiers.find(({ field }) => field === identifier)?.found !== true) assert.equal(seen.length, names.length)
  }))
}
