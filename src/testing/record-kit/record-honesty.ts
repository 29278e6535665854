import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Fields, Operation, OperationKind, Outcome, Outcomes } from '../../connect/index.ts'
import { isDone } from '../target-kit/outcome-honesty.ts'
import { onTargetRecord, type Asked, type RecordSession } from './record-session.ts'
import type { RecordCase, RecordHarness } from './record-harness.ts'

export const creations = ['create', 'upsert'] as const

export function isCreation(kind: OperationKind): kind is (typeof creations)[number] {
  return kind === 'create' || kind === 'upsert'
}

/** The first or the second values of all samples. */
export function valuesOf({ samples }: RecordCase, which: 0 | 1): Fields {
  return Object.fromEntries(samples.map(({ field, values }) => [field, values[which]]))
}

/**
 * Prepares the emulator for the i-th Operation of this kind and returns the Operation. Its target record exists, is
 * archived, or (for a creation) is only a name.
 */
export function askFor(testCase: RecordCase, session: RecordSession, kind: OperationKind, i: number): Asked {
  const name = testCase.name(`${kind}-${i}`)
  if (isCreation(kind)) return session.asNew(kind, name, valuesOf(testCase, 0))
  const id = session.harness.make(name)
  if (kind === 'restore') session.harness.end(id, 'archive')
  return onTargetRecord(kind, id, kind === 'update' ? valuesOf(testCase, 1) : undefined)
}

/** Whether the emulator holds what was asked, whoever wrote it. */
export function isSo(testCase: RecordCase, harness: RecordHarness, { kind, identity, fields }: Asked): boolean {
  if (isCreation(kind)) return harness.named(identity.value).some((id) => holdsAll(testCase, harness, id, fields))
  const held = harness.holds(identity.value)
  if (kind === 'restore') return held !== null
  return kind === 'update' ? holdsAll(testCase, harness, identity.value, fields) : held === null
}

/**
 * Fails when the outcome of a valid Operation contradicts the emulator's state: delivered or in place means done;
 * rejected or on hold means not done. Unconfirmed may be either.
 */
export function assertTrue(
  testCase: RecordCase,
  harness: RecordHarness,
  asked: readonly Asked[],
  outcomes: Outcomes,
): void {
  asked.forEach((each, at) => {
    const outcome = outcomes.get(String(at))
    const reported = inspect({ asked: each, outcome }, { depth: 4 })
    if (isDone(outcome?.status)) assert.ok(isSo(testCase, harness, each), `said to be done, and is not: ${reported}`)
    if (outcome?.status === 'rejected' || outcome?.status === 'on-hold')
      assert.ok(!isSo(testCase, harness, each), `said not to be done, yet it is: ${reported}`)
    if (isCreation(each.kind))
      assert.ok(harness.named(each.identity.value).length <= 1, `made more than once: ${reported}`)
  })
}

/**
 * Finishes what is not done, as the engine does. It looks up a record to create first, and updates it if it exists,
 * because a second creation could make a duplicate. It sends all other Operations again. At the end everything must be
 * done exactly once.
 */
export async function converge(
  testCase: RecordCase,
  session: RecordSession,
  asked: readonly Asked[],
  outcomes: Outcomes,
): Promise<void> {
  const { harness } = session
  harness.index?.catchUp()
  const open = asked.filter((_, at) => !isDone(outcomes.get(String(at))?.status))
  const again = await Promise.all(
    open.map(async (each): Promise<Asked> => {
      if (!isCreation(each.kind)) return each
      const [id] = await lookFor(testCase, session, each)
      return id === undefined ? each : onTargetRecord('update', id, each.fields)
    }),
  )
  const { outcomes: settled, fault } = await session.deliver(again)
  assert.equal(fault, undefined)
  assert.deepEqual(undone(settled), [])
  for (const each of asked) {
    assert.ok(isSo(testCase, harness, each), inspect(each))
    if (isCreation(each.kind)) assert.equal(harness.named(each.identity.value).length, 1, inspect(each))
  }
}

/** Target ids of the records that have this name already. */
async function lookFor(
  { object }: RecordCase,
  session: RecordSession,
  { identity }: Pick<Operation, 'identity'>,
): Promise<readonly string[]> {
  if (object.find !== undefined) {
    return (await session.find(identity.field, [identity.value])).flatMap(({ matches }) =>
      matches.map(({ targetId }) => targetId),
    )
  }
  return (await session.observe([identity])).flatMap(({ groups, targetId }) =>
    groups === null || targetId === undefined ? [] : [targetId],
  )
}

/** Outcomes that are not done, by key. */
export function undone(outcomes: Outcomes): readonly (readonly [string, Outcome])[] {
  return [...outcomes].filter(([, { status }]) => !isDone(status))
}

function holdsAll({ samples }: RecordCase, harness: RecordHarness, id: string, fields: Fields = {}): boolean {
  const held = harness.holds(id)
  return held !== null && samples.every(({ field }) => !(field in fields) || held[field] === fields[field])
}
