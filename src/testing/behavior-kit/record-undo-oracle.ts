import assert from 'node:assert/strict'
import type { SimulatedWrite } from '../simulated/simulated-records.ts'

/**
 * What an undo may write: back to what each thing held before that Run (or what finding showed of it), and only where it still holds what
 * that Run wrote, and no later Run wrote there. `foundManaged`: that Run found the thing to be what an earlier one had made and got no answer for.
 */
export function checkUndoWrite(
  { kind, targetRecord, set, before, wasLive }: SimulatedWrite, of: readonly SimulatedWrite[], later: readonly SimulatedWrite[], foundManaged: boolean,
): void {
  const did = of.filter((write) => write.targetRecord === targetRecord)
  const what = `an undo's ${kind} of ${targetRecord.id}`
  assert.ok(foundManaged || did.length > 0, `${what}, which the run did not write`)
  if (kind === 'restore') {
    assert.ok(did.some((write) => write.kind === 'archive') && !wasLive, `${what}, which was not archived by the run`)
    return
  }
  if (kind === 'archive' || kind === 'delete') {
    assert.ok(foundManaged || did.some((write) => write.created || !write.wasLive), `${what}, which the run neither made nor brought back`)
    const wrote = Object.assign({}, ...did.map((write) => write.set)) as Record<string, unknown>
    for (const [field, value] of Object.entries(wrote)) assert.equal(before[field] ?? null, value ?? null, `${what}, whose ${field} was changed since`)
    return
  }
  assert.equal(kind, 'update', what)
  for (const [field, value] of Object.entries(set)) {
    // Several records may have written to it, and each of them is taken back.
    if ((before[field] ?? null) === value) continue
    const wrote = did.filter((write) => field in write.set)
    assert.ok(wrote.some((write) => (write.before[field] ?? null) === value || (write.shown?.[field] ?? null) === value), `${what} set ${field} to ${String(value)}, which it never held`)
    assert.ok(wrote.some((write) => write.set[field] === before[field]), `${what} overwrote ${field}, which was changed since`)
    assert.ok(!later.some((write) => write.targetRecord === targetRecord && field in write.set && write.set[field] !== before[field]), `${what} overwrote ${field}, which a later run wrote`)
  }
}
