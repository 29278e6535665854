import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import type { Activation } from '../../engine/activation.ts'
import type { Key } from '../../model/record.ts'
import type { Cell } from '../../model/row.ts'
import { spokenFields, type NamedRow, type SpokenField, type Terms } from './record-history.ts'
import type { SimulatedRecord, SimulatedRecords, SimulatedWrite } from '../simulated/simulated-records.ts'

const cells: Readonly<Record<SpokenField, 2 | 3 | 4>> = { a: 2, b: 3, c: 4 }
export const cellOf = (row: NamedRow, field: SpokenField): Cell => row[cells[field]]

/** How an Activation reads rows: which are Records, and which target records they name. */
export type RowReader = ReturnType<typeof rowReader>

export function rowReader(
  { name, behavior: { id: behavior, plan } }: Activation,
  terms: Terms,
  target: SimulatedRecords,
) {
  const keyOf = ([ext, alt]: NamedRow): Key | undefined =>
    ext ?? (terms.fallBack && alt !== null ? `alt:${alt}` : undefined)
  /** The rows that are Records: those with a key that no other, different row has. */
  const records = (rows: readonly NamedRow[]): Map<Key, NamedRow> => {
    const byKey = Map.groupBy(rows, keyOf)
    return new Map(
      [...byKey].flatMap(([key, [row, ...more]]) =>
        key === undefined || row === undefined || more.some((other) => said(other) !== said(row))
          ? []
          : [[key, row] as const],
      ),
    )
  }
  /** What the Activation reads of a row. Rows that are equal in this count once. */
  const said = ([ext, alt, ...values]: NamedRow): string =>
    JSON.stringify([
      ext,
      terms.fallBack ? alt : null,
      ...(plan.added === 'delete' || plan.added === 'archive' ? [] : values),
    ])
  const names = (targetRecord: Pick<SimulatedRecord, 'ext' | 'alt'>, [ext, alt]: NamedRow): boolean =>
    (ext !== null && targetRecord.ext === ext) || (terms.fallBack && alt !== null && targetRecord.alt === alt)
  const named = ([ext, alt]: NamedRow): SimulatedRecord[] => {
    const live = target.targetRecords.filter(({ state }) => state === 'live')
    const first = ext === null ? [] : live.filter((targetRecord) => targetRecord.ext === ext)
    return first.length > 0 || !terms.fallBack || alt === null
      ? first
      : live.filter((targetRecord) => targetRecord.alt === alt)
  }
  return { name, behavior, plan, terms, target, records, names, named }
}

interface RunWrite {
  readonly write: SimulatedWrite
  /** The writes of the same Run before this one. */
  readonly earlier: readonly SimulatedWrite[]
  readonly rows: readonly NamedRow[]
  readonly run: number
}

/** A Run may only write what its rows say, to the target records that they name. */
export async function checkRunWrite(
  { write, earlier, rows, run }: RunWrite,
  { name, behavior, plan, terms, target, records, names, named }: RowReader,
  pool: Pool,
): Promise<void> {
  const { kind, key, targetRecord, created, set, before, shown, wasLive } = write
  const row = records(rows).get(key)
  const what = `${kind} of ${targetRecord.id} for ${key}`
  if (row === undefined) {
    assert.ok(plan.removed !== null && kind === plan.removed, `${what}, which is no record of the query`)
    assert.equal(targetRecord.by, 'us', `${what}, though a person had made it`)
    const claims =
      shown === undefined
        ? []
        : rows.filter((each) => each[0] !== null && each[0] === targetRecord.ext && shown['ext'] === each[0])
    assert.deepEqual(claims, [], `${what}, which a row of the query still names`)
    return
  }
  const carriesIt =
    names(targetRecord, row) ||
    (shown !== undefined && names({ ext: shown['ext'] as Cell, alt: shown['alt'] as Cell }, row))
  assert.ok(carriesIt, `${what}, which is not called so`)
  if (kind === 'archive' || kind === 'delete') assert.equal(plan.added, kind, `${behavior} asked for ${kind}`)
  if (behavior === 'update') assert.ok(!created, `update made ${what}`)
  if (behavior === 'insert') assert.ok(created, `insert changed what was there: ${what}`)
  for (const [field, value] of Object.entries(set)) {
    assert.ok((spokenFields as readonly string[]).includes(field), `${what} set ${field}, which is not mapped`)
    const spoken = field as SpokenField
    assert.equal(value, cellOf(row, spoken), `${what} set ${field} to what its row does not say`)
    assert.ok(value !== null || terms.clears[spoken], `${what} emptied ${field}, of which a null does not speak`)
    // A value that another row wrote in this Run, under a name that the index does not show yet, was not visible.
    const isFresh = earlier.some((each) => each.targetRecord === targetRecord && field in each.set)
    const isFilled = !created && !isFresh && before[field] !== null && (shown === undefined || shown[field] !== null)
    assert.ok(
      !(spoken === 'c' && terms.cOnlyIfEmpty && isFilled),
      `${what} overwrote ${field} (${String(before[field])}), which is to be set only where nothing is`,
    )
  }
  if (created || !wasLive || kind === 'upsert' || kind === 'create' || terms.matches === 'all') return
  const candidates = named(row).filter(({ id }) => target.shown(id) !== undefined)
  if (candidates.length > 1)
    assert.ok(
      await everOn({ key, targetRecord }, name, run, pool),
      `${what}, though its row names ${candidates.map(({ id }) => id).join(' and ')}`,
    )
}

/** Whether a Run before this one wrote the Record to this target record. */
async function everOn(
  { key, targetRecord }: Pick<SimulatedWrite, 'key' | 'targetRecord'>,
  name: string,
  before: number,
  pool: Pool,
): Promise<boolean> {
  const { rows } = await pool.query(
    'select from ledger l join activation a on a.id = l.activation_id where a.name = $1 and l.key = $2 and l.target_id = $3 and l.run_id < $4 limit 1',
    [name, key, targetRecord.id, before],
  )
  return rows.length > 0
}

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
