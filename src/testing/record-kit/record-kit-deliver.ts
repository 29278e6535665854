import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { Fields, FieldType, FieldValue, OperationKind, Outcome } from '../../connect/index.ts'
import { isDone, range } from '../target-kit/outcome-honesty.ts'
import { askFor, assertTrue, creations, isCreation, isSo, undone, valuesOf } from './record-honesty.ts'
import { oddTexts } from './record-kit-reads.ts'
import { onTargetRecord, withRecords, type Asked, type RecordSession } from './record-session.ts'
import type { RecordCase } from './record-harness.ts'

/** Extreme values of each type. The target must store each one exactly, or reject it and name the field. */
const extremes: Readonly<Record<FieldType, readonly FieldValue[]>> = {
  text: [
    "\"quoted\" \\ 'it's'",
    'Jané 🦊 漢字',
    'x'.repeat(10_000),
    '0012',
    'null',
    'true',
    '2027-01-31',
    '{"a":1}',
    'two\nlines',
    '<b>&amp;</b>',
    '../..',
    ' spaced  out ',
  ],
  integer: [0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER],
  decimal: [0, -0.5, 0.1, 1e15, 1e-7, 123456789.123],
  boolean: [true, false],
  date: ['1970-01-01', '1969-12-31', '2024-02-29', '2038-01-20', '9999-12-31'],
  timestamp: [
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2024-02-29T23:59:59Z',
    '2038-01-19T03:14:08Z',
    '9999-12-31T23:59:59Z',
  ],
}

export function deliverRecordTests(testCase: RecordCase): void {
  const { object } = testCase
  for (const kind of object.operations) {
    for (const size of [0, 1, object.batch.max]) {
      test(`${kind} ${size}, each twice, leaving the rest alone`, () =>
        withRecords(testCase, {}, (session) => each(testCase, session, kind, size)))
    }
    test(`${kind}: order does not matter, and what is odd fails alone`, () =>
      withRecords(testCase, {}, (session) => withOdd(testCase, session, kind)))
  }
  creationTests(testCase)
  if (object.operations.includes('update')) updateTests(testCase)
}

async function each(testCase: RecordCase, session: RecordSession, kind: OperationKind, size: number): Promise<void> {
  const { harness } = session
  const bystander = harness.make(testCase.name('bystander'))
  harness.change(bystander, valuesOf(testCase, 1))
  const asked = range(size, (i) => askFor(testCase, session, kind, i))
  const first = await session.deliver(asked)
  assert.equal(first.fault, undefined)
  assert.deepEqual(undone(first.outcomes), [])
  asked.forEach((ask, at) => {
    const outcome = first.outcomes.get(String(at))
    if (isCreation(kind)) assert.equal(outcome?.effect, 'created', inspect(outcome))
    if (isCreation(kind)) assert.deepEqual(harness.named(ask.identity.value), [outcome?.targetId])
    if (kind === 'update') assert.ok(outcome?.targetId === undefined || outcome.targetId === ask.identity.value)
  })
  assertTrue(testCase, harness, asked, first.outcomes)
  // Never repeat a write that could create a second target record. The engine looks it up first.
  const safe = asked.filter(
    (ask) => !(isCreation(kind) && testCase.object.createsTwice?.({ key: '', group: '', ...ask }) === true),
  )
  const second = await session.deliver(safe)
  assert.equal(second.fault, undefined)
  safe.forEach((ask, at) => {
    const outcome = second.outcomes.get(String(at))
    if (kind === 'create') assert.equal(code(outcome), 'already-exists', inspect(outcome))
    else assert.ok(isDone(outcome?.status), inspect(outcome))
    assert.ok(isSo(testCase, harness, ask))
    if (isCreation(kind)) assert.equal(harness.named(ask.identity.value).length, 1)
  })
  assert.deepEqual(pick(testCase, harness.holds(bystander)), valuesOf(testCase, 1))
}

/** Identities that match nothing, and invalid values. The target must reject each one alone. */
async function withOdd(testCase: RecordCase, session: RecordSession, kind: OperationKind): Promise<void> {
  const { harness } = session
  const good = range(4, (i) => askFor(testCase, session, kind, i))
  const odd = isCreation(kind)
    ? oddValues(testCase).map(([text, fields]) => session.asNew(kind, testCase.name(text), fields))
    : [
        ...['..', '.', '../x', 'x'.repeat(10_000), '\u{d800}', ''].map((id) =>
          onTargetRecord(kind, id, kind === 'update' ? valuesOf(testCase, 0) : undefined),
        ),
        ...(kind === 'delete'
          ? []
          : range(2, (i) =>
              onTargetRecord(kind, harness.unknown(i), kind === 'update' ? valuesOf(testCase, 0) : undefined),
            )),
        ...(kind === 'update'
          ? oddValues(testCase).map(([text, fields]) =>
              onTargetRecord('update', harness.make(testCase.name(text)), fields),
            )
          : []),
      ]
  const before = odd.map(({ identity }) =>
    isCreation(kind) ? harness.named(identity.value) : pick(testCase, harness.holds(identity.value)),
  )
  const asked = [...odd.slice(0, 2), ...good, ...odd.slice(2)]
  const there = await session.deliver(asked)
  assert.equal(there.fault, undefined)
  const outcomeOf = (ask: Asked): Outcome | undefined => there.outcomes.get(String(asked.indexOf(ask)))
  for (const ask of good)
    assert.ok(isDone(outcomeOf(ask)?.status) && isSo(testCase, harness, ask), inspect(outcomeOf(ask)))
  for (const ask of odd) {
    const outcome = outcomeOf(ask)
    // A delete of a target record that never existed may count as already in place.
    if (kind === 'delete' && outcome?.status === 'in-place') continue
    assert.ok(
      outcome?.status === 'rejected' && outcome.message !== '' && outcome.message.length < 1000,
      inspect({ ask, outcome }, { maxStringLength: 100 }),
    )
    const [[field, value] = []] =
      isCreation(kind) || harness.holds(ask.identity.value) !== null ? Object.entries(ask.fields ?? {}).slice(-1) : []
    if (field !== undefined) assert.equal(outcome.field, field, inspect({ value, outcome }))
  }
  assert.deepEqual(
    odd.map(({ identity }) =>
      isCreation(kind) ? harness.named(identity.value) : pick(testCase, harness.holds(identity.value)),
    ),
    before,
  )
  if (isCreation(kind)) return
  const back = await session.deliver(asked.toReversed(), asked.map((_, at) => String(at)).toReversed())
  for (const ask of asked) {
    const again = back.outcomes.get(String(asked.indexOf(ask)))
    assert.equal(isDone(again?.status), isDone(outcomeOf(ask)?.status), inspect({ ask, again }))
    assert.equal(code(again), code(outcomeOf(ask)))
  }
}

/** Invalid values, by a text for the name: wrong types, and a Field that does not exist. */
function oddValues({ samples }: RecordCase): readonly (readonly [string, Fields])[] {
  const [text] = samples
  const strict = samples.filter(({ type }) => type !== 'text')
  return [
    ...strict.map(({ field }, at): [string, Fields] => [`wrong-${at}`, { [field]: 'seven' }]),
    ['stray', { [`${text?.field}_that_is_not_there`]: 'x' }],
  ]
}

function creationTests(testCase: RecordCase): void {
  const { object } = testCase
  for (const kind of creations.filter((each) => object.operations.includes(each))) {
    test(`${kind}: what was made is told with every value as it was asked`, () =>
      withRecords(testCase, {}, async (session) => {
        const { outcomes } = await session.deliver([session.asNew(kind, testCase.name('new'), valuesOf(testCase, 0))])
        const [seen] = await session.observe([{ field: 'id', value: outcomes.get('0')?.targetId ?? '' }])
        assert.equal(seen?.fields?.[testCase.identifier], testCase.name('new'))
        for (const [field, value] of Object.entries({ ...testCase.always, ...valuesOf(testCase, 0) }))
          assert.equal(seen.fields[field], value, field)
      }))

    test(`${kind}: odd identifiers are kept as they are`, () =>
      withRecords(testCase, {}, async (session) => {
        const asked = oddTexts.map((text) => session.asNew(kind, testCase.name(text), valuesOf(testCase, 0)))
        const { outcomes, fault } = await session.deliver(asked)
        assert.equal(fault, undefined)
        assert.deepEqual(undone(outcomes), [])
        assertTrue(testCase, session.harness, asked, outcomes)
      }))

    test(`${kind}: a name that none can have is refused, alone`, () =>
      withRecords(testCase, {}, async (session) => {
        const names = ['\u{d800}', 'x'.repeat(10_000)].map((text) => testCase.name(text))
        const good = session.asNew(kind, testCase.name('good'), valuesOf(testCase, 0))
        const { outcomes } = await session.deliver([...[...names, ''].map((name) => session.asNew(kind, name)), good])
        assert.deepEqual(
          [...outcomes.values()].map(({ status }) => status),
          ['rejected', 'rejected', 'rejected', 'delivered'],
        )
        assert.ok(isSo(testCase, session.harness, good))
      }))

    test(`${kind}: what is there already is ${kind === 'create' ? 'not changed' : 'updated, and not called ours'}`, () =>
      withRecords(testCase, {}, async (session) => {
        const { harness } = session
        const id = harness.make(testCase.name('there'))
        harness.change(id, valuesOf(testCase, 1))
        const ask = session.asNew(kind, testCase.name('there'), valuesOf(testCase, 0))
        // Where the Target would create a duplicate, the engine looks the record up before it writes.
        const makesTwo = object.createsTwice?.({ key: '', group: '', ...ask }) === true
        const {
          outcomes: [[, outcome] = []],
        } = { outcomes: [...(await session.deliver([ask])).outcomes] }
        if (kind === 'upsert' && !makesTwo) {
          assert.deepEqual([outcome?.status, outcome?.effect, outcome?.targetId], ['delivered', 'changed', id])
          assert.deepEqual(pick(testCase, harness.holds(id)), valuesOf(testCase, 0))
        } else {
          assert.deepEqual(pick(testCase, harness.holds(id)), valuesOf(testCase, 1))
          if (isDone(outcome?.status))
            assert.ok(makesTwo && outcome?.targetId !== id && outcome?.effect === 'created', inspect(outcome))
          else assert.equal(code(outcome), 'already-exists', inspect(outcome))
        }
        if (!makesTwo) assert.deepEqual(harness.named(testCase.name('there')), [id])
      }))
  }

  for (const kind of object.operations) {
    test(`${kind}: calls are as many as counted`, () =>
      withRecords(testCase, {}, async (session) => {
        const [text] = testCase.samples
        const asked = range(3, (i) => askFor(testCase, session, kind, i)).map((ask) =>
          ask.fields === undefined || text === undefined
            ? ask
            : { ...ask, fields: { ...(isCreation(kind) && testCase.always), [text.field]: text.values[0] } },
        )
        const { requests } = await session.deliver(asked)
        assert.equal(requests.length, object.countCalls(await session.ready(), kind, asked.length))
      }))
  }
}

function updateTests(testCase: RecordCase): void {
  const { object } = testCase

  test('update sets what it names, empties with null, and leaves the other fields alone', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness } = session
      const id = harness.make(testCase.name('thing'))
      harness.change(id, valuesOf(testCase, 0))
      const wanted = { ...valuesOf(testCase, 0) }
      for (const { field, values } of testCase.samples) {
        for (const value of [values[1], null, values[0]]) {
          const { outcomes } = await session.deliver([onTargetRecord('update', id, { [field]: value })])
          assert.ok(isDone(outcomes.get('0')?.status), inspect({ field, value, outcome: outcomes.get('0') }))
          assert.deepEqual(pick(testCase, harness.holds(id)), { ...wanted, [field]: value }, field)
        }
      }
      const { outcomes } = await session.deliver([
        onTargetRecord('update', id, Object.fromEntries(testCase.samples.map(({ field }) => [field, null]))),
      ])
      assert.ok(isDone(outcomes.get('0')?.status), inspect(outcomes.get('0')))
      assert.deepEqual(
        Object.values(pick(testCase, harness.holds(id))),
        testCase.samples.map(() => null),
      )
      assert.deepEqual(harness.named(testCase.name('thing')), [id])
    }))

  test('what can never be empty is not emptied', () =>
    withRecords(testCase, {}, async (session) => {
      const { harness, io } = session
      const id = harness.make(testCase.name('thing'))
      harness.change(id, valuesOf(testCase, 0))
      const fields = ((await object.fields?.list(io)) ?? []).filter(
        ({ writable, neverEmpty }) => writable && neverEmpty === true,
      )
      const before = await session.observe([{ field: 'id', value: id }])
      for (const { name } of fields) {
        const { outcomes } = await session.deliver([onTargetRecord('update', id, { [name]: null })])
        const outcome = outcomes.get('0')
        assert.ok(
          outcome?.status === 'rejected' && outcome.field === name && outcome.message.includes(name),
          inspect(outcome),
        )
      }
      assert.deepEqual(
        (await session.observe([{ field: 'id', value: id }])).map((seen) => seen.fields),
        before.map((seen) => seen.fields),
      )
    }))

  test('the ends of each type are taken as they are, or refused by their field', () =>
    withRecords(testCase, {}, async (session) => {
      const id = session.harness.make(testCase.name('thing'))
      for (const { field, type } of testCase.samples) {
        for (const value of extremes[type]) {
          const { outcomes } = await session.deliver([onTargetRecord('update', id, { [field]: value })])
          const outcome = outcomes.get('0')
          const held = session.harness.holds(id)?.[field] ?? null
          const reported = inspect({ field, value, held, outcome }, { maxStringLength: 100 })
          if (!isDone(outcome?.status))
            assert.ok(outcome?.status === 'rejected' && outcome.field === field && held !== value, reported)
          else if (held !== value) assert.equal(outcome?.holds?.[field], held, reported)
          const [seen] = await session.observe([{ field: 'id', value: id }])
          assert.equal(seen?.fields?.[field], held, reported)
        }
      }
    }))
}

function pick({ samples }: RecordCase, held: Fields | null): Fields {
  return Object.fromEntries(samples.map(({ field }) => [field, held?.[field] ?? null]))
}

function code(outcome: Outcome | undefined): string | undefined {
  return outcome?.status === 'rejected' ? outcome.code : undefined
}
