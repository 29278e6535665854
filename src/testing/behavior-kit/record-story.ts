import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import type { Activation } from '../../engine/activation.ts'
import type { Cell } from '../../model/row.ts'
import type { Key } from '../../model/record.ts'
import type { SimulatedRecords, SimulatedRecord, SimulatedWrite } from '../simulated/simulated-records.ts'

/** Identifier, and the values for the Fields `a` (null: skipped) and `b` (null: cleared). */
export type RecordRow = readonly [key: Cell, a: Cell, b: Cell]

export interface PersonsEdit {
  readonly key: Key
  readonly what: 'a' | 'b' | 'archive' | 'unarchive' | 'delete' | 'create'
  readonly value: Cell
  readonly secondsAway: number
}

/** Checks a history of Runs: remembers what queries asked for and what people edited. */
export interface StoryKit {
  edit(edit: PersonsEdit): Promise<void>
  /** The query returns these rows from now on. */
  asks(rows: readonly RecordRow[]): void
  /** Must hold after any Run, even a failed one. */
  check(): void
  /** Must hold after a clean Run that saw everything. */
  checkEnd(rows: readonly RecordRow[]): void
}

type Spoken = 'a' | 'b'
const spoken: readonly Spoken[] = ['a', 'b']
const cellOf = (row: RecordRow, field: Spoken): Cell => (field === 'a' ? row[1] : row[2])

/** A person's value, set after Tailrace's. It must stand while the row asks for the same value as then. */
interface Standing {
  readonly targetRecord: SimulatedRecord
  readonly field: Spoken
  readonly value: Cell
  readonly asked: Cell
}

export function openRecordStory(
  { name, behavior: { id: behavior, plan } }: Activation,
  target: SimulatedRecords,
  pool: Pool,
): StoryKit {
  const everAsked = new Map<Key, RecordRow[]>()
  const touched = new Set<string>()
  let standing: Standing[] = []
  let checked = 0

  const unless = (dropped: (stands: Standing) => boolean): void => {
    standing = standing.filter((stands) => !dropped(stands))
  }

  /** The row whose values the Snapshot has for the target record. */
  const entryRow = async (key: Key, targetRecord: SimulatedRecord): Promise<RecordRow | undefined> => {
    const { rows } = await pool.query<{ desired: string }>(
      `select n.desired from snapshot n join activation a on a.id = n.activation_id and a.name = $1
       where n.key = $2 and n.state = 'synced' and n.target_id = $3 and n.desired is not null`,
      [name, key, targetRecord.id],
    )
    const [held] = rows
    if (held === undefined) return undefined
    const {
      rows: [found],
    } = await pool.query<{ at: number | null }>(
      'select (select min(n)::int from unnest($2::text[]) with ordinality as w (text, n) where md5(text)::uuid = $1) as at',
      [held.desired, (everAsked.get(key) ?? []).map(desiredOf)],
    )
    return (everAsked.get(key) ?? [])[(found?.at ?? 0) - 1]
  }

  const checkWrite = ({ kind, ext, targetRecord, created, set }: SimulatedWrite): void => {
    const rows = ext === null ? undefined : everAsked.get(ext)
    if (rows === undefined) assert.fail(`${kind} of ${ext}, which no query named`)
    for (const [field, value] of Object.entries(set)) {
      if (field !== 'ext')
        assert.ok(
          rows.some((row) => cellOf(row, field as Spoken) === value),
          `${field} of ${ext} was set to ${value}, which no query asked for`,
        )
    }
    if (behavior === 'update') assert.ok(!created, `update made ${ext}`)
    if (behavior === 'insert') assert.ok(created, `insert changed ${ext}, which was there`)
    if (kind === 'archive' || kind === 'delete') {
      assert.ok(plan.added === kind || plan.removed === kind, `${behavior} asked for ${kind}`)
      if (plan.removed === kind) assert.equal(targetRecord.by, 'us', `${ext} was archived, though a person had made it`)
    } else assert.ok(plan.added !== 'archive' && plan.added !== 'delete', `${behavior} asked for ${kind}`)
  }

  return {
    async edit({ key, what, value, secondsAway }) {
      const targetRecord = target.targetRecords.findLast(
        ({ ext, state }) => ext === key && state === (what === 'unarchive' ? 'archived' : 'live'),
      )
      if (what === 'create') {
        if (targetRecord !== undefined) return
        target.create(key, { a: value, b: value }, secondsAway)
        touched.add(key)
      } else if (targetRecord === undefined) return
      else if (what === 'a' || what === 'b') {
        const row = await entryRow(key, targetRecord)
        unless((stands) => stands.targetRecord === targetRecord && stands.field === what)
        if (row !== undefined) standing.push({ targetRecord, field: what, value, asked: cellOf(row, what) })
        targetRecord.fields[what] = value
        touched.add(`${key} ${what}`)
      } else {
        unless((stands) => stands.targetRecord === targetRecord)
        targetRecord.revived ||= what === 'unarchive'
        targetRecord.state = what === 'archive' ? 'archived' : what === 'delete' ? 'deleted' : 'live'
        touched.add(key)
      }
    },
    asks(rows) {
      for (const row of rows) {
        const [key] = row
        if (key === null) continue
        everAsked.set(key, [...(everAsked.get(key) ?? []), row])
        unless(({ targetRecord, field, asked }) => targetRecord.ext === key && cellOf(row, field) !== asked)
      }
    },
    check() {
      const applied = target.applied.slice(checked)
      checked = target.applied.length
      for (const write of applied) checkWrite(write)
      assert.deepEqual(target.doubles, [], 'a thing was made twice')
      unless(({ targetRecord }) => targetRecord.state !== 'live')
      for (const { targetRecord, field, value } of standing) {
        assert.equal(
          targetRecord.fields[field],
          value,
          `${field} of ${targetRecord.ext}, which a person changed, was overwritten`,
        )
      }
    },
    checkEnd(rows) {
      const times = Map.groupBy(rows, ([key]) => key)
      for (const [key, [row, ...more]] of times) {
        if (key === null || key.trim() === '' || row === undefined || more.length > 0 || touched.has(key)) continue
        const live = target.live(key)
        if (plan.added === 'delete' || plan.added === 'archive') {
          assert.deepEqual(live, [], `${key} is still there`)
          continue
        }
        if (plan.added !== 'update' || live.length > 0) assert.equal(live.length, 1, `${key} is not there`)
        const [targetRecord] = live
        if (targetRecord === undefined || plan.added === 'create') continue
        for (const field of spoken) {
          const wanted = cellOf(row, field)
          if (field === 'a' && wanted === null) continue
          if (!touched.has(`${key} ${field}`))
            assert.equal(targetRecord.fields[field], wanted, `${field} of ${key} is not as the query asks`)
        }
      }
      if (plan.removed === null) return
      // A record that was restored when its row came back does not count as created by Tailrace.
      const kept = target.targetRecords.filter(
        ({ ext, by, state, revived }) =>
          by === 'us' && state === 'live' && !revived && ext !== null && !times.has(ext) && !touched.has(ext),
      )
      assert.deepEqual(kept, [], 'what left the query is still there')
    },
  }
}

/** The JSON form that the mapping stores. */
function desiredOf([, a, b]: RecordRow): string {
  return JSON.stringify({ ...(a !== null && { a }), b })
}
