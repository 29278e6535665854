import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../model/entry.ts'
import type { OperationKind, PlannedKind } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import { ledgerLine, noHistory, settle, type Answered, type History, type SettledLine } from './settle.ts'
import { keptLedgerLine, settleKept, type KeptLine } from './settle-kept.ts'
import { interrupted, unverified } from './unconfirmed.ts'

const run = { runId: 7, at: 10_000 }
const hour = 3_600_000
/** Fingerprints of two Fields, as `a` and `b` were settled. */
const [a, b, b2] = ['a'.repeat(22), 'b'.repeat(22), 'B'.repeat(22)]

const synced: Entry = {
  state: 'synced', present: true, returned: false, desired: 'w', desiredGroups: null, managed: [], tries: 0, retryAt: null, runId: 7, sent: null, targetId: null, fingerprints: null,
}
const unconfirmed = (managed: readonly string[], from = 9000, to = 10_000): Entry => ({ ...synced, state: 'unconfirmed', desired: 'w', managed, sent: { from, to } })
const earlier = (entry: Entry): Entry => ({ ...entry, runId: 3 })

function lineOf<Kind extends PlannedKind>(kind: Kind, more: Partial<Omit<SettledLine, 'kind'>> = {}): SettledLine<Kind> {
  return {
    ordinal: 1, key: 'k', reason: 'new', groups: [], certain: null, desired: 'w', desiredGroups: null, keepsForOthers: false, forgetsWhenDone: false, parts: 1, sent: null,
    targetId: null, before: null, asks: null, fingerprints: null, ...more, kind,
  }
}

const delivered = { status: 'delivered' } as const
const inPlace = { status: 'in-place' } as const
const lost = { status: 'unconfirmed', code: 'timeout', message: 'No answer.' } as const
const onHold = { status: 'on-hold', code: 'rate-limited', message: 'Later.' } as const
const rejected = (code: 'not-found' | 'conflict' | 'invalid-value') => ({ status: 'rejected', code, message: 'No.' }) as const

interface Row {
  readonly what: string
  readonly before?: Entry
  readonly kind: OperationKind
  readonly line?: Partial<Omit<SettledLine, 'kind'>>
  readonly outcome: Outcome
  readonly history?: Partial<History>
  /** The Entry that results; null: forgotten; 'as before'. */
  readonly entry: Entry | null | 'as before'
}

const tags = { groups: ['t1'] }
const left = { reason: 'left' } as const

const table: readonly Row[] = [
  // Groups added and removed.
  { what: 'what was put on is managed', kind: 'attach', line: tags, outcome: delivered, entry: { ...synced, managed: ['t1'] } },
  { what: 'what an answer tells was there already is not', kind: 'attach', line: tags, outcome: { ...delivered, changed: [] }, entry: synced },
  { what: 'of what nobody had read, only what was surely absent is', kind: 'attach', line: { groups: ['t1', 't2'], certain: ['t2'] }, outcome: delivered, entry: { ...synced, managed: ['t2'] } },
  { what: 'what is in place is not', kind: 'attach', line: tags, outcome: inPlace, entry: synced },
  { what: 'what was managed before stays so', before: earlier({ ...synced, managed: ['t0'] }), kind: 'attach', line: tags, outcome: delivered, entry: { ...synced, managed: ['t0', 't1'] } },
  { what: 'what was taken off is not', before: { ...synced, managed: ['t0', 't1'] }, kind: 'detach', line: tags, outcome: delivered, entry: { ...synced, managed: ['t0'] } },
  { what: 'what was off already is not either', before: { ...synced, managed: ['t0', 't1'] }, kind: 'detach', line: tags, outcome: { ...inPlace, changed: [] }, entry: { ...synced, managed: ['t0'] } },
  { what: 'of several some of which were off already, none is', before: { ...synced, managed: ['t1', 't2'] }, kind: 'detach', line: { groups: ['t1', 't2'] }, outcome: { ...delivered, changed: ['t2'] }, entry: synced },
  { what: 'the target record is remembered', kind: 'attach', line: tags, outcome: { ...delivered, targetId: 'x' }, entry: { ...synced, managed: ['t1'], targetId: 'x' } },
  // Removed from the query.
  { what: 'a Record that left is forgotten once it is off', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: { ...tags, ...left }, outcome: delivered, entry: null },
  { what: 'where others want it, it is kept', before: { ...synced, managed: ['t1', 't2'] }, kind: 'detach', line: { ...tags, ...left, keepsForOthers: true }, outcome: delivered, entry: { ...synced, managed: ['t2'], desired: null } },
  { what: 'one whose row names nothing any more is rejected, and retried', before: { ...synced, managed: ['t1', 't2'] }, kind: 'detach', line: { ...tags, reason: 'changed', parts: 2 }, outcome: delivered, history: { isRejectedInPart: true }, entry: { ...synced, state: 'rejected', managed: ['t2'], tries: 1, retryAt: 10_000 } },
  { what: 'also if the removal is rejected', before: { ...synced, managed: ['t1', 't2'], tries: 1 }, kind: 'detach', line: { ...tags, reason: 'changed', parts: 2 }, outcome: rejected('invalid-value'), history: { isRejectedInPart: true }, entry: { ...synced, state: 'rejected', managed: ['t1', 't2'], tries: 2, retryAt: 10_000 + hour } },
  { what: 'on hold, it is as it was', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: { ...tags, ...left }, outcome: onHold, entry: 'as before' },
  { what: 'rejected, it is still managed', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: { ...tags, ...left }, outcome: rejected('invalid-value'), entry: { ...synced, state: 'rejected', managed: ['t1'], tries: 1 } },
  // No clear answer.
  { what: 'an unconfirmed addition counts as managed', kind: 'attach', line: tags, outcome: lost, entry: { ...unconfirmed(['t1']) } },
  { what: 'of what nobody had read, only what was surely absent does', kind: 'attach', line: { ...tags, certain: [] }, outcome: lost, entry: { ...unconfirmed([]) } },
  { what: 'read to be others\', it is not managed any more', before: unconfirmed(['t1']), kind: 'attach', line: { ...tags, reason: 'unconfirmed' }, outcome: { ...inPlace, changed: [] }, entry: synced },
  { what: 'an unconfirmed removal goes by the last addition', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: tags, outcome: lost, history: { lastAddition: { from: 1, to: 2 } }, entry: { ...unconfirmed(['t1'], 1, 2) } },
  { what: 'what an unconfirmed addition put there may still be there after an unconfirmed removal', before: earlier(unconfirmed(['t1'], 5, 6)), kind: 'detach', line: tags, outcome: lost, history: { lastAddition: { from: 1, to: 2 } }, entry: { ...earlier(unconfirmed(['t1'], 5, 6)) } },
  { what: 'an unconfirmed removal of what was never managed goes by when it was sent', kind: 'detach', line: tags, outcome: lost, entry: unconfirmed([]) },
  // Rejections.
  { what: 'one that may pass is due in the next Run', kind: 'attach', line: tags, outcome: rejected('not-found'), entry: { ...synced, state: 'rejected', tries: 1, retryAt: 10_000 } },
  { what: 'again: after an hour', before: { ...synced, state: 'rejected', tries: 1 }, kind: 'attach', line: tags, outcome: rejected('conflict'), entry: { ...synced, state: 'rejected', tries: 2, retryAt: 10_000 + hour } },
  { what: 'and so on', before: { ...synced, state: 'rejected', tries: 4 }, kind: 'attach', line: tags, outcome: rejected('conflict'), entry: { ...synced, state: 'rejected', tries: 5, retryAt: 10_000 + 8 * hour } },
  { what: 'at most seven days', before: { ...synced, state: 'rejected', tries: 60 }, kind: 'attach', line: tags, outcome: rejected('conflict'), entry: { ...synced, state: 'rejected', tries: 61, retryAt: 10_000 + 168 * hour } },
  { what: 'others wait for the row', kind: 'update', line: { fingerprints: a, targetId: 'x' }, outcome: rejected('invalid-value'), entry: { ...synced, state: 'rejected', tries: 1, targetId: 'x' } },
  { what: 'a target record that is gone is not remembered', before: { ...synced, targetId: 'x', fingerprints: a }, kind: 'update', line: { fingerprints: a, targetId: 'x' }, outcome: rejected('not-found'), entry: { ...synced, state: 'rejected', tries: 1, retryAt: 10_000, targetId: null, fingerprints: a } },
  { what: 'what an undo may not take back stays as it was', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: { ...tags, reason: 'undo', forgetsWhenDone: true }, outcome: rejected('invalid-value'), entry: 'as before' },
  // Undone.
  { what: 'an undo forgets a Record of which nothing is managed any more', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: { ...tags, reason: 'undo', forgetsWhenDone: true }, outcome: delivered, entry: null },
  { what: 'else it is as never settled', before: { ...synced, managed: ['t1', 't2'] }, kind: 'detach', line: { ...tags, reason: 'undo', forgetsWhenDone: true }, outcome: delivered, entry: { ...synced, managed: ['t2'], desired: null } },
  { what: 'with a target record that goes, its unconfirmed creation is over', before: unconfirmed(['creating']), kind: 'archive', line: { groups: ['created'], reason: 'undo', forgetsWhenDone: true }, outcome: delivered, entry: null },
  // Target records and their Fields.
  { what: 'what was created is managed', kind: 'create', line: { fingerprints: a }, outcome: { ...delivered, changed: ['created'], targetId: 'x' }, entry: { ...synced, managed: ['created'], targetId: 'x', fingerprints: a } },
  { what: 'what was there is not', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, changed: [], targetId: 'x' }, entry: { ...synced, targetId: 'x', fingerprints: a } },
  { what: 'an unconfirmed creation is marked as such', kind: 'create', line: { fingerprints: a }, outcome: lost, entry: { ...unconfirmed(['creating']) } },
  { what: 'a second one may be the first', before: earlier(unconfirmed(['creating'], 1, 2)), kind: 'create', line: { fingerprints: a }, outcome: lost, entry: { ...unconfirmed(['creating'], 1) } },
  { what: 'what was brought back from the archive is others\'', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, changed: ['restored'] }, entry: { ...synced, fingerprints: a } },
  { what: 'but managed again where we had archived it', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, changed: ['restored'] }, history: { archivedByUs: true }, entry: { ...synced, managed: ['created'], fingerprints: a } },
  { what: 'an update finds what was created unconfirmed', before: earlier(unconfirmed(['creating'])), kind: 'update', line: { groups: ['created'], fingerprints: a, targetId: 'x' }, outcome: delivered, entry: { ...synced, managed: ['created'], targetId: 'x', fingerprints: a } },
  { what: 'another target record is not managed because the former one was', before: { ...synced, managed: ['created'], targetId: 'x', fingerprints: a }, kind: 'update', line: { fingerprints: a, targetId: 'y' }, outcome: delivered, entry: { ...synced, targetId: 'y', fingerprints: a } },
  { what: 'of an unconfirmed update only what it does not touch is known', before: { ...synced, targetId: 'x', fingerprints: a + b }, kind: 'update', line: { fingerprints: a + b2, targetId: 'x' }, outcome: lost, entry: { ...unconfirmed([]), targetId: 'x', fingerprints: a } },
  { what: 'a deletion that is unconfirmed leaves what is known of the Fields', before: { ...synced, managed: ['created'], targetId: 'x', fingerprints: a }, kind: 'delete', line: { ...left, targetId: 'x' }, outcome: lost, entry: { ...unconfirmed(['created']), targetId: 'x', fingerprints: a } },
  // Several lines about one Record.
  { what: 'not all lines are answered yet', kind: 'attach', line: { ...tags, parts: 2 }, outcome: delivered, entry: { ...synced, managed: ['t1'], desired: null } },
  { what: 'all are', kind: 'attach', line: { ...tags, parts: 2 }, outcome: delivered, history: { done: 1 }, entry: { ...synced, managed: ['t1'] } },
  { what: 'what is in place beside is adopted', kind: 'attach', line: { ...tags, parts: 2 }, outcome: delivered, history: { done: 1, adopted: ['t2'] }, entry: { ...synced, managed: ['t1', 't2'] } },
  { what: 'also beside what is taken off', before: { ...synced, managed: ['t1'] }, kind: 'detach', line: { ...tags, parts: 2 }, outcome: delivered, history: { done: 1, adopted: ['t2'] }, entry: { ...synced, managed: ['t2'] } },
  { what: 'a part that cannot be delivered rejects the Record', kind: 'attach', line: { ...tags, parts: 2 }, outcome: delivered, history: { isRejectedInPart: true }, entry: { ...synced, state: 'rejected', managed: ['t1'], tries: 1, retryAt: 10_000 } },
  { what: 'the target record that failed tells where the Record stands', before: { ...synced, state: 'rejected', tries: 1 }, kind: 'update', line: { parts: 2, fingerprints: a }, outcome: delivered, history: { done: 1 }, entry: 'as before' },
  // Flags that settlement does not decide.
  { what: 'settled, it is not one that came back', before: { ...synced, returned: true }, kind: 'attach', line: tags, outcome: delivered, entry: { ...synced, managed: ['t1'] } },
  { what: 'absent stays absent', before: { ...synced, present: false, managed: ['t1'] }, kind: 'detach', line: { ...tags, ...left }, outcome: lost, entry: { ...synced, state: 'unconfirmed', present: false, managed: ['t1'] } },
]

for (const { what, before, kind, line, outcome, history, entry } of table) {
  test(`settled ${outcome.status} (${kind}): ${what}`, () => {
    const answered: Answered = { line: lineOf(kind, line), outcome, markedAt: 9000 }
    assert.deepEqual(settle(before, [answered], { ...noHistory, ...history }, run), entry === 'as before' ? before : entry)
  })
}

test('of several answers about one Record in one settlement, the worst tells', () => {
  const answered = (outcome: Outcome): Answered => ({ line: lineOf('update', { parts: 2, fingerprints: a }), outcome, markedAt: 9000 })
  assert.equal(settle(undefined, [answered(delivered), answered(rejected('conflict'))], noHistory, run)?.state, 'rejected')
  assert.equal(settle(undefined, [answered(delivered), answered(lost)], noHistory, run)?.state, 'unconfirmed')
  assert.equal(settle(undefined, [answered(delivered), answered(delivered)], noHistory, run)?.desired, 'w')
})

test('the Ledger says what was really changed, and what was asked beyond it', () => {
  const line = lineOf('attach', { groups: ['t1', 't2'], certain: ['t2'], targetId: 'x' })
  const { groups, asked, since, targetId } = ledgerLine({ line, outcome: delivered, markedAt: 9000 })
  assert.deepEqual({ groups, asked, since, targetId }, { groups: ['t2'], asked: ['t1', 't2'], since: 9000, targetId: 'x' })
  const whole = ledgerLine({ line: lineOf('update', { asks: '{"a":1}' }), outcome: delivered, asks: '{"a":"1"}', markedAt: 9000 })
  assert.deepEqual([whole.after, whole.since, whole.asked], ['{"a":"1"}', null, null])
})

const interruptions: readonly { readonly what: string; readonly before?: Entry; readonly line: SettledLine; readonly entry: Partial<Entry> }[] = [
  { what: 'an addition counts as managed until it is read', line: lineOf('attach', tags), entry: { managed: ['t1'], sent: { from: 9000, to: 9000 } } },
  { what: 'a removal leaves what was managed', before: { ...synced, managed: ['t1'] }, line: lineOf('detach', tags), entry: { managed: ['t1'], sent: { from: 1, to: 2 }, desired: 'w' } },
  { what: 'a removal of what an unconfirmed addition put there', before: earlier(unconfirmed(['t1'], 5, 6)), line: lineOf('detach', tags), entry: { managed: ['t1'], sent: { from: 5, to: 6 }, runId: 3 } },
  { what: 'a creation', line: lineOf('create', { fingerprints: a }), entry: { managed: ['creating'], sent: { from: 9000, to: 9000 } } },
  { what: 'a second creation may be the first', before: earlier(unconfirmed(['creating'], 1, 2)), line: lineOf('create'), entry: { managed: ['creating'], sent: { from: 1, to: 9000 } } },
  { what: 'an update: only what it does not touch is known', before: { ...synced, targetId: 'x', fingerprints: a + b }, line: lineOf('update', { fingerprints: a + b2, targetId: 'x' }), entry: { fingerprints: a, targetId: 'x' } },
  { what: 'one that came back is still new to the next Run', before: { ...synced, returned: true }, line: lineOf('attach', tags), entry: { returned: true } },
]

for (const { what, before, line, entry } of interruptions) {
  test(`interrupted (${line.kind}): ${what}`, () => {
    const after = interrupted(before, line, 9000, { ...noHistory, lastAddition: { from: 1, to: 2 } }, 7)
    assert.deepEqual({ ...after, ...entry }, after)
    assert.equal(after.state, 'unconfirmed')
  })
}

test('what a read did not find is unconfirmed again, and what could not be taken off is managed again', () => {
  const sent = { from: 1, to: 2 }
  const put = unverified({ ...synced, managed: ['t0'] }, [{ kind: 'attach', reason: 'new', groups: ['t1'] }], false, sent, 7)
  assert.deepEqual([put.state, put.managed, put.sent, put.present], ['unconfirmed', ['t0', 't1'], sent, true])
  const forgotten = unverified(undefined, [{ kind: 'detach', reason: 'left', groups: ['t1'] }], false, sent, 7)
  assert.deepEqual([forgotten.state, forgotten.managed, forgotten.sent, forgotten.present], ['unconfirmed', ['t1'], null, false])
  assert.deepEqual(unverified(undefined, [{ kind: 'detach', reason: 'new', groups: ['t1'] }], true, sent, 7).managed, [])
})

const kept = (kind: PlannedKind, more: Partial<Omit<KeptLine, 'kind'>> = {}): KeptLine => ({ ...lineOf(kind), note: null, code: null, message: null, ...more })

const keptTable: readonly { readonly what: string; readonly before?: Entry; readonly lines: readonly KeptLine[]; readonly adopts?: boolean; readonly entry: Entry | null | 'as before' }[] = [
  { what: 'in place: synced, and others\'', lines: [kept('skip', { ...tags, note: 'in-place' })], entry: synced },
  { what: 'adopted: managed', lines: [kept('skip', { ...tags, note: 'in-place' })], adopts: true, entry: { ...synced, managed: ['t1'] } },
  { what: 'read to be our doing', before: unconfirmed(['creating']), lines: [kept('skip', { groups: ['created'], note: 'confirmed', targetId: 'x' })], entry: { ...synced, managed: ['created'], targetId: 'x' } },
  { what: 'read to be off: not managed any more', before: { ...synced, managed: ['t1', 't2'] }, lines: [kept('skip', { ...tags, note: 'nothing-to-do' })], entry: { ...synced, managed: ['t2'] } },
  { what: 'read to be off, beside lines that are sent', before: earlier({ ...synced, managed: ['t1', 't2'] }), lines: [kept('skip', { ...tags, parts: 2, note: 'nothing-to-do' })], entry: earlier({ ...synced, managed: ['t2'] }) },
  { what: 'an undo that finds it off changes nothing', before: { ...synced, managed: ['t1'] }, lines: [kept('skip', { ...tags, reason: 'undo', note: 'nothing-to-do' })], entry: 'as before' },
  { what: 'left, and nothing to take off', before: synced, lines: [kept('skip', left)], entry: null },
  { what: 'left, and others still want it', before: { ...synced, managed: ['t1'] }, lines: [kept('skip', { ...tags, ...left, keepsForOthers: true, note: 'wanted-elsewhere' })], entry: 'as before' },
  { what: 'cannot be delivered', lines: [kept('reject', { code: 'ambiguous' })], entry: { ...synced, state: 'rejected', tries: 1 } },
  { what: 'cannot be delivered yet', before: { ...synced, state: 'rejected', tries: 2 }, lines: [kept('reject', { code: 'not-found' })], entry: { ...synced, state: 'rejected', tries: 3, retryAt: 10_000 + 2 * hour } },
  { what: 'cannot be delivered, and what it asked for before is wanted by others', before: { ...synced, managed: ['t1'] }, lines: [kept('skip', { ...tags, reason: 'changed', keepsForOthers: true, parts: 2, note: 'wanted-elsewhere' }), kept('reject', { code: 'not-found', parts: 2 })], entry: { ...synced, state: 'rejected', managed: ['t1'], desired: null, tries: 1, retryAt: 10_000 } },
  { what: 'has to wait', before: synced, lines: [kept('wait', { code: 'may-exist' })], entry: 'as before' },
  { what: 'of a Record of which other lines are sent', before: synced, lines: [kept('skip', { ...tags, parts: 2, note: 'in-place' })], entry: 'as before' },
  { what: 'an undo leaves it alone', before: synced, lines: [kept('skip', { reason: 'undo', note: 'later-run' })], entry: 'as before' },
]

for (const { what, before, lines, adopts = false, entry } of keptTable) {
  test(`kept (${lines[0]?.kind}): ${what}`, () => {
    assert.deepEqual(settleKept(before, lines, adopts, run), entry === 'as before' ? before : entry)
  })
}

test('what is kept is in the Ledger with its reason', () => {
  assert.deepEqual([keptLedgerLine(kept('wait', { code: 'may-exist' }), false)].map(({ status, code }) => [status, code]), [['on-hold', 'may-exist']])
  assert.deepEqual([keptLedgerLine(kept('skip', { ...tags, note: 'confirmed', sent: { from: 5, to: 6 } }), false)].map(({ status, groups, since }) => [status, groups, since]), [['delivered', ['t1'], 5]])
  assert.deepEqual([keptLedgerLine(kept('skip', { ...tags, note: 'in-place' }), false)].map(({ status, code, groups }) => [status, code, groups]), [['in-place', 'in-place', []]])
})
