import assert from 'node:assert/strict'
import { test } from 'node:test'
import { range } from '../target-kit/outcome-honesty.ts'
import { valuesOf } from './record-honesty.ts'
import { gathered, withRecords, onTargetRecord, type RecordSession } from './record-session.ts'
import type { RecordCase } from './record-harness.ts'

/** Unusual texts that an identifier may contain, in lower case. */
export const oddTexts = [
  '.',
  '..',
  'a"b',
  "it's",
  'back\\slash',
  'a/b?c#d&e=f',
  '%2e%2e',
  '{"or":1}',
  '🦊',
  '0012',
  '9007199254740993',
  'null',
  '1e3',
]

/** Texts that identify no target record. Some are values that no vendor accepts. */
const spoilers = ['\u{d800}', 'x'.repeat(10_000), '\u0000', '../x', 'nobody']

export function findTests(testCase: RecordCase): void {
  const {
    object: { find: finder, identifiers },
    identifier,
  } = testCase
  if (finder === undefined) return
  const { fold = false, manyMatch = false } =
    identifiers.find(({ field }) => field === identifier) ?? assert.fail(`${identifier} is no identifier`)

  for (const field of [identifier, 'id']) {
    const perCall = finder.perCall(field)
    for (const size of new Set([0, 1, perCall, perCall + 1])) {
      test(`find ${size} by ${field} takes ${Math.ceil(size / perCall)} calls`, () =>
        withRecords(testCase, {}, async (session) => {
          const targetRecords = range(size, (i) => ({
            name: testCase.name(`found-${i}`),
            id: session.harness.make(testCase.name(`found-${i}`)),
          }))
          session.harness.make(testCase.name('bystander'))
          const ready = await session.ready()
          let calls = 0
          const http = {
            send: (request: Parameters<typeof session.io.http.send>[0]) => (
              (calls += 1),
              session.io.http.send(request)
            ),
          }
          const found = await gathered(
            finder.find(
              { ...session.io, http },
              ready,
              field,
              targetRecords.map(({ name, id }) => (field === 'id' ? id : name)),
            ),
          )
          assert.equal(calls, Math.ceil(size / perCall))
          const wanted = targetRecords.map(({ name, id }) => `${field === 'id' ? id : name} ${id}`)
          assert.deepEqual(
            found.map(({ value, matches }) => [value, ...matches.map(({ targetId }) => targetId)].join(' ')).sort(),
            wanted.sort(),
          )
        }))
    }
  }

  test('what is found says who it is, and what it holds', () =>
    withRecords(testCase, {}, async (session) => {
      const id = session.harness.make(testCase.name('full'))
      session.harness.change(id, valuesOf(testCase, 0))
      const [match] = await matchesOf(session, identifier, testCase.name('full'))
      assert.ok(match !== undefined && match.label !== '')
      assert.equal(match.fields[identifier], testCase.name('full'))
      for (const { field, values } of testCase.samples) assert.equal(match.fields[field], values[0], field)
    }))

  if (manyMatch)
    test('a value that names several yields them all', () =>
      withRecords(testCase, {}, async (session) => {
        const duplicates =
          session.harness.duplicates?.(testCase.name('twin')) ??
          assert.fail('the stand of an identifier that names several makes twins')
        const matches = await matchesOf(session, identifier, testCase.name('twin'))
        assert.deepEqual(matches.map(({ targetId }) => targetId).sort(), [...duplicates].sort())
        assert.equal(new Set(matches.map(({ label, targetId }) => `${label} ${targetId}`)).size, 2)
      }))

  test('odd values are found as they are, and none keeps others from being found', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness } = session
      const names = oddTexts.map((text) => testCase.name(text))
      const ids = names.map((name) => harness.make(name))
      const values = [...spoilers.map((text) => testCase.name(text)), '', ...names]
      for (const order of [values, values.toReversed()]) {
        const found = await session.find(identifier, order)
        assert.deepEqual(
          names.map((name) => found.find(({ value }) => value === name)?.matches.map(({ targetId }) => targetId)),
          ids.map((id) => [id]),
        )
        assert.equal(found.length, names.length)
      }
      const own = await session.find('id', [...oddTexts, ...spoilers, '', ...ids])
      assert.deepEqual(own.map(({ value }) => value).sort(), [...ids].sort())
    }))

  test(`case ${fold ? 'does not matter' : 'matters'}`, () =>
    withRecords(testCase, {}, async (session) => {
      const id = session.harness.make(testCase.name('Mixed-Case'))
      const found = await matchesOf(session, identifier, testCase.name('mixed-case'))
      assert.deepEqual(
        found.map(({ targetId }) => targetId),
        fold ? [id] : [],
      )
    }))

  test('once the index has caught up, what was made is found, and what is gone is not', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness } = session
      harness.index?.stall()
      const kept = harness.make(testCase.name('kept'))
      const gone = testCase.object.operations
        .filter((kind) => kind === 'delete' || kind === 'archive')
        .map((how) => ({ how, id: harness.make(testCase.name(how)) }))
      harness.index?.catchUp()
      const names = ['kept', 'new', ...gone.map(({ how }) => how)].map((text) => testCase.name(text))
      assert.equal((await session.find(identifier, names)).length, names.length - 1)
      for (const { id, how } of gone) harness.end(id, how)
      const made = harness.make(testCase.name('new'))
      harness.index?.catchUp()
      const found = await session.find(identifier, names)
      assert.deepEqual(found.map(({ matches }) => matches[0]?.targetId).sort(), [kept, made].sort())
    }))
}

async function matchesOf(session: RecordSession, field: string, value: string) {
  const found = await session.find(field, [value])
  assert.deepEqual(
    found.filter((each) => each.value !== value),
    [],
  )
  return found.flatMap(({ matches }) => matches)
}

/** Direct reads must show the latest writes, and must report deleted target records as gone. */
export function readRecordTests(testCase: RecordCase): void {
  const { object, identifier } = testCase
  const own = (id: string) => ({ field: 'id', value: id })

  test('observe tells all fields of what is there, whatever the index shows', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness, io } = session
      harness.index?.stall()
      const [full, bare] = [harness.make(testCase.name('full')), harness.make(testCase.name('bare'))]
      harness.change(full, valuesOf(testCase, 1))
      const seen = await session.observe([own(full), own(bare)])
      const of = (id: string) => seen.find(({ identity }) => identity.value === id) ?? assert.fail('not observed')
      const listed = ((await object.fields?.list(io)) ?? []).map(({ name }) => name)
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
