import assert from 'node:assert/strict'
import type { SimulatedWrite } from '../simulated/simulated-records.ts'

/**
 * An undo may only restore what a target record held before that Run (or what its lookup showed), only where the record
 * still holds what that Run wrote, and only where no later Run wrote. `foundManaged`: that Run learned that an earlier
 * Run had created the record without getting an answer.
 */
export function checkUndoWrite(
  { kind, targetRecord, set, before, wasLive }: SimulatedWrite,
  of: readonly SimulatedWrite[],
  later: readonly SimulatedWrite[],
  foundManaged: boolean,
): void {
  const did = of.filter((write) => write.targetRecord === targetRecord)
  const what = `an undo's ${kind} of ${targetRecord.id}`
  assert.ok(foundManaged || did.length > 0, `${what}, which the run did not write`)
  if (kind === 'restore') {
    assert.ok(did.some((write) => write.kind === 'archive') && !wasLive, `${what}, which was not archived by the run`)
    return
  }
  if (kind === 'archive' || kind === 'delete') {
    assert.ok(
      foundManaged || did.some((write) => write.created || !write.wasLive),
      `${what}, which the run neither made nor brought back`,
    )
    const wrote = Object.assign({}, ...did.map((write) => write.set)) as Record<string, unknown>
    for (const [field, value] of Object.entries(wrote))
      assert.equal(before[field] ?? null, value ?? null, `${what}, whose ${field} was changed since`)
    return
  }
  assert.equal(kind, 'update', what)
  for (const [field, value] of Object.entries(set)) {
    // Several Records may have written to it, and the undo handles each of them.
    if ((before[field] ?? null) === value) continue
    const wrote = did.filter((write) => field in write.set)
    assert.ok(
      wrote.some((write) => (write.before[field] ?? null) === value || (write.shown?.[field] ?? null) === value),
      `${what} set ${field} to ${String(value)}, which it never held`,
    )
    assert.ok(
      wrote.some((write) => write.set[field] === before[field]),
      `${what} overwrote ${field}, which was changed since`,
    )
    assert.ok(
      !later.some(
        (write) => write.targetRecord === targetRecord && field in write.set && write.set[field] !== before[field],
      ),
      `${what} overwrote ${field}, which a later run wrote`,
    )
  }
}
