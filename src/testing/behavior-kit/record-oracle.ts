import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import type { Activation } from '../../engine/activation.ts'
import type { Key } from '../../model/record.ts'
import type { Cell } from '../../model/row.ts'
import {
  altOf,
  extOf,
  spokenFields,
  type ManualEdit,
  type NamedRow,
  type SpokenField,
  type Terms,
} from './record-history.ts'
import { cellOf, checkRunWrite, checkUndoWrite, rowReader } from './record-write-oracle.ts'
import type { SimulatedRecords, SimulatedRecord, SimulatedWrite } from '../simulated/simulated-records.ts'

/** Checks what Runs, undos and manual edits may write. Uses only the rows, the Ledger and the Target. */
export interface RecordOracle {
  /** Returns false if there was no target record to edit. */
  edit(edit: ManualEdit): Promise<boolean>
  /** Call after a Run over these rows. */
  checkRun(rows: readonly NamedRow[], isWhole: boolean): Promise<void>
  /** The id of a Run that wrote: 0 is the last one, 1 the one before. */
  runToUndo(back: number): Promise<number | undefined>
  checkUndo(run: number): Promise<void>
  checkVerify(repair: boolean): void
  /** Call after a clean Run that saw everything. */
  checkEnd(rows: readonly NamedRow[]): Promise<void>
  /** Under `matches: all`, several Records may write to one target record, and overwrite each other in every Run. */
  readonly contested: boolean
}

/** A person's value, set after the record was settled. It must stand while the row asks for the same value as then. */
interface Standing {
  readonly targetRecord: SimulatedRecord
  readonly key: Key
  readonly field: SpokenField
  readonly value: Cell
  readonly asked: Cell
}

export function openRecordOracle(
  activation: Activation,
  terms: Terms,
  target: SimulatedRecords,
  pool: Pool,
): RecordOracle {
  const {
    name,
    behavior: { plan },
  } = activation
  const writesOf = new Map<number, readonly SimulatedWrite[]>()
  const rowsOf = new Map<number, readonly NamedRow[]>()
  const edited = new Map<SimulatedRecord, Map<string, Cell>>()
  const movedByHand = new Set<string>()
  const undone = new Set<Key>()
  const writersOf = new Map<SimulatedRecord, Set<Key>>()
  let standing: Standing[] = []
  let checked = 0
  let lastDead = 0

  const reader = rowReader(activation, terms, target)
  const { records, names, named } = reader
  const unless = (dropped: (stands: Standing) => boolean): void => {
    standing = standing.filter((stands) => !dropped(stands))
  }
  const lastRun = async (): Promise<number> => {
    const { rows } = await pool.query<{ id: number }>(
      'select coalesce(max(r.id), 0)::int as id from run r join activation a on a.id = r.activation_id where a.name = $1',
      [name],
    )
    return rows[0]?.id ?? 0
  }

  /**
   * The Record that last settled this target record according to the Ledger, unless the outcome has been unclear since.
   */
  const settledAs = async (targetRecord: SimulatedRecord): Promise<{ key: Key; row: NamedRow } | undefined> => {
    const { rows } = await pool.query<{ key: Key; run: number }>(
      `select l.key, l.run_id::int as run from activation a join lateral (
         select distinct on (key) * from ledger where activation_id = a.id order by key, run_id desc, array_position('{unconfirmed,rejected,on-hold,delivered,in-place}', status)
       ) l on true
       where a.name = $1 and l.target_id = $2 and l.status in ('delivered', 'in-place') and l.code is distinct from 'nothing-to-do' and l.kind in ('create', 'update', 'upsert', 'skip')
         and l.reason not in ('undo', 'left') and l.run_id > $3`,
      [name, targetRecord.id, lastDead],
    )
    const [settled, ...more] = rows
    const row =
      settled === undefined || more.length > 0 ? undefined : records(rowsOf.get(settled.run) ?? []).get(settled.key)
    return settled === undefined || row === undefined ? undefined : { key: settled.key, row }
  }

  /** Whether an earlier Run created the target record and this Run was the first to learn it. */
  const foundManaged = async ({ targetRecord }: SimulatedWrite, run: number): Promise<boolean> => {
    if (
      ![...writesOf].some(
        ([earlier, writes]) =>
          earlier < run && writes.some((write) => write.targetRecord === targetRecord && write.created),
      )
    )
      return false
    const { rows } = await pool.query(
      `select from ledger l join activation a on a.id = l.activation_id where a.name = $1 and l.target_id = $2 and l.run_id < $3 and l.managed and l.status = 'delivered' limit 1`,
      [name, targetRecord.id, run],
    )
    return rows.length === 0
  }

  const checkStanding = (): void => {
    unless(({ targetRecord }) => targetRecord.state !== 'live')
    for (const { targetRecord, key, field, value } of standing) {
      assert.equal(
        targetRecord.fields[field],
        value,
        `${field} of ${targetRecord.id} (${key}), which a person changed, was overwritten`,
      )
    }
  }

  const addEdit = (targetRecord: SimulatedRecord, field: string, value: Cell): void => {
    edited.set(targetRecord, (edited.get(targetRecord) ?? new Map<string, Cell>()).set(field, value))
  }
  const addMoved = ({ ext, alt }: SimulatedRecord): void => {
    if (ext !== null) movedByHand.add(ext)
    if (alt !== null) movedByHand.add(alt)
  }
  const takeWrites = (): readonly SimulatedWrite[] => {
    const writes = target.applied.slice(checked)
    checked = target.applied.length
    for (const { targetRecord, key } of writes)
      writersOf.set(targetRecord, (writersOf.get(targetRecord) ?? new Set<Key>()).add(key))
    return writes
  }

  const isContested = (targetRecord: SimulatedRecord): boolean =>
    terms.matches === 'all' && (writersOf.get(targetRecord)?.size ?? 0) > 1

  return {
    get contested() {
      return target.targetRecords.some(isContested)
    },
    async edit({ at, what, value, secondsAway }) {
      const [ext, alt] = [extOf(at), altOf(at)]
      const targetRecord = target.targetRecords.findLast(
        (each) => (each.ext === ext || each.alt === alt) && each.state === (what === 'unarchive' ? 'archived' : 'live'),
      )
      if (what === 'create' || what === 'twin') {
        if ((targetRecord === undefined) === (what === 'twin')) return false
        addMoved(target.create(ext, { a: value, b: value, c: value, d: value }, secondsAway, alt))
        return true
      }
      if (targetRecord === undefined) return false
      if (what === 'a' || what === 'b' || what === 'c' || what === 'd') {
        const settled =
          what === 'd' || terms.ownership === 'enforce' || terms.drift === 'repair'
            ? undefined
            : await settledAs(targetRecord)
        unless((stands) => stands.targetRecord === targetRecord && stands.field === what)
        if (settled !== undefined && what !== 'd')
          standing.push({ targetRecord, key: settled.key, field: what, value, asked: cellOf(settled.row, what) })
        targetRecord.fields[what] = value
        addEdit(targetRecord, what, value)
        return true
      }
      unless((stands) => stands.targetRecord === targetRecord)
      addMoved(targetRecord)
      if (what === 'rename') targetRecord.ext = `was ${targetRecord.ext}`
      else {
        targetRecord.revived ||= what === 'unarchive'
        targetRecord.state = what === 'archive' ? 'archived' : what === 'delete' ? 'deleted' : 'live'
      }
      return true
    },
    async checkRun(rows, isWhole) {
      const run = await lastRun()
      const writes = takeWrites()
      rowsOf.set(run, rows)
      writesOf.set(run, writes)
      const byKey = records(rows)
      unless(({ targetRecord, key, field, asked }) => {
        const row = byKey.get(key)
        if (row === undefined) return plan.removed !== null || rows.some((each) => names(targetRecord, each))
        return (
          cellOf(row, field) !== asked ||
          rows.some((each) => each !== row && names(targetRecord, each)) ||
          (terms.matches === 'one' && named(row).some((each) => each !== targetRecord))
        )
      })
      for (const [at, write] of writes.entries())
        await checkRunWrite({ write, earlier: writes.slice(0, at), rows, run }, reader, pool)
      assert.deepEqual(target.doubles, [], 'a thing was made twice')
      const written = Map.groupBy(
        writes.filter(({ kind }) => kind === 'update'),
        ({ targetRecord }) => targetRecord,
      )
      if (terms.matches === 'one')
        for (const [{ id }, each] of written)
          assert.equal(new Set(each.map(({ key }) => key)).size, 1, `several records were written to ${id}`)
      if (!isWhole) lastDead = run
      checkStanding()
    },
    async runToUndo(back) {
      const ran = [...writesOf].filter(([, writes]) => writes.length > 0).map(([run]) => run)
      return Promise.resolve(ran[ran.length - 1 - back])
    },
    async checkUndo(run) {
      const writes = takeWrites()
      const of = writesOf.get(run) ?? []
      const later = [...writesOf].filter(([other]) => other > run).flatMap(([, each]) => each)
      for (const write of writes) {
        checkUndoWrite(write, of, later, await foundManaged(write, run))
        undone.add(write.key)
        unless(({ key }) => key === write.key)
      }
      checkStanding()
    },
    checkVerify(repair) {
      assert.deepEqual(takeWrites(), [], 'a look wrote')
      if (repair) standing = []
    },
    async checkEnd(rows) {
      const byKey = records(rows)
      const { rows: states } = await pool.query<{ key: Key; state: string; targetRecord: string | null }>(
        'select n.key, n.state, n.target_id as "targetRecord" from snapshot n join activation a on a.id = n.activation_id where a.name = $1 and n.present',
        [name],
      )
      const stateOf = new Map(states.map(({ key, state }) => [key, state]))
      const recordOn = new Map(
        states.map(({ key, targetRecord }) => [
          key,
          target.targetRecords.find(({ id, state }) => id === targetRecord && state === 'live'),
        ]),
      )
      for (const [key, row] of byKey) {
        assert.notEqual(stateOf.get(key), 'unconfirmed', `${key} is still in doubt`)
        if (stateOf.get(key) !== 'synced' || plan.changed === 'mark') continue
        const wasMoved = movedByHand.has(row[0] ?? '') || movedByHand.has(row[1] ?? '')
        const targetRecords = named(row)
        if (plan.added === 'delete' || plan.added === 'archive') {
          if (!wasMoved) assert.deepEqual(targetRecords, [], `${key} is still there`)
          continue
        }
        const wasWritten = target.targetRecords.some(
          (targetRecord) => targetRecord.state === 'live' && writersOf.get(targetRecord)?.has(key) === true,
        )
        if (!wasMoved && !undone.has(key)) assert.ok(targetRecords.length > 0 || wasWritten, `${key} is not there`)
        // The Record uses a target record found by a later identifier. A match for the first identifier appeared
        // afterwards, and an unchanged row is not looked up again.
        const on = recordOn.get(key)
        if (on !== undefined && !targetRecords.includes(on) && names(on, row)) continue
        if (targetRecords.length > 1 && (terms.matches === 'one' || wasMoved)) continue
        if (
          [...byKey].some(
            ([other, each]) => other !== key && targetRecords.some((targetRecord) => names(targetRecord, each)),
          )
        )
          continue
        for (const targetRecord of targetRecords)
          for (const field of isContested(targetRecord) ? [] : spokenFields) {
            const asked = cellOf(row, field)
            const edit = edited.get(targetRecord)
            if ((asked === null && !terms.clears[field]) || (field === 'c' && terms.cOnlyIfEmpty)) continue
            const maybe =
              edit?.has(field) === true && terms.drift === 'report' ? [asked, edit.get(field) ?? null] : [asked]
            assert.ok(
              maybe.includes(targetRecord.fields[field] ?? null),
              `${field} of ${targetRecord.id} (${key}) is ${targetRecord.fields[field]}, and not ${maybe.join(' or ')}`,
            )
          }
      }
    },
  }
}
