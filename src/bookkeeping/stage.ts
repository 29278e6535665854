import type { Pool } from 'pg'
import type { Key } from '../model/record.ts'
import {
  groupTable,
  ownStageRows,
  sharedStageRows,
  smallStage,
  stageTable,
  type StageRows,
} from '../store/snapshot/staged-records.ts'
import { openStageCopy, type StageChunk, type StageCopy, type StageShape } from './stage-copy.ts'

/** What a Run read: one Record per row, in unlogged tables. The rows are dropped with the Run. */
export interface Stage {
  /** Adds Keys, for links to the groups that the Activation itself names. Waits while the database is behind, so memory use stays flat. */
  add(keys: readonly Key[]): Promise<void>
  /**
   * Adds Records with all their identifiers (JSON; null: the Key is the only one). `desired`: the values by Field as JSON;
   * undefined: links. Only in a Stage of the shape `named`.
   */
  addNamed(
    keys: readonly Key[],
    desired: readonly string[] | undefined,
    identities: readonly (string | null)[],
  ): Promise<void>
  /** Adds links to groups that rows name. Only in a Stage of the shape `links`. */
  addLinks(links: readonly StagedLink[]): Promise<void>
  /** Adds Keys of invalid rows: they are not Records, but are still in the query. */
  setAside(keys: readonly Key[]): Promise<void>
  /** Writes the last rows. Only a sealed Stage may be compared. */
  seal(): Promise<StageRows>
  /** Drops the rows, sealed or not. */
  drop(): Promise<void>
}

export interface StagedLink {
  readonly key: Key
  /** As compared: in lower case, if the Target ignores case. Null: the row names no group. */
  readonly name: string | null
  /** All identifiers as JSON; null: the Key is the only one. */
  readonly identities: string | null
  /** The row's number. */
  readonly row: number
}

export function openStage(pool: Pool, runId: number, shape: StageShape): Stage {
  let kept: StageChunk[] = []
  let copy: StageCopy | undefined
  let lines = 0
  let state: 'open' | 'sealed' | 'dropped' = 'open'

  /** Keeps a few lines, and copies many. */
  const write = async (chunk: StageChunk): Promise<void> => {
    if (chunk.keys.length === 0) return
    lines += chunk.keys.length
    kept.push(chunk)
    if (copy === undefined && lines <= smallStage) return
    copy ??= await openStageCopy(pool, stageTable(runId), shape)
    const due = kept
    kept = []
    for (const each of due) await copy.write(each)
  }
  return {
    add: (keys) => write({ keys }),
    addNamed: (keys, desired, identities) => write({ keys, desired, identities }),
    addLinks: (links) =>
      write({
        keys: links.map(({ key }) => key),
        desired: links.map(({ name }) => name),
        identities: links.map(({ identities }) => identities),
        rows: links.map(({ row }) => row),
      }),
    setAside: (keys) => write({ keys, isAside: true }),
    async seal() {
      if (copy === undefined) await insertRows(pool, runId, kept)
      else await copy.end()
      kept = []
      state = 'sealed'
      return copy === undefined ? sharedStageRows(runId, lines) : ownStageRows(runId, lines)
    },
    async drop() {
      if (state === 'dropped') return
      if (state === 'open') copy?.abandon()
      state = 'dropped'
      if (copy === undefined) await pool.query('delete from staged_row where run_id = $1', [runId])
      if (lines > smallStage || shape === 'links')
        await pool.query(`drop table if exists ${stageTable(runId)}, ${groupTable(runId)}`)
    },
  }
}

async function insertRows(pool: Pool, runId: number, chunks: readonly StageChunk[]): Promise<void> {
  if (chunks.length === 0) return
  const cells = <T>(of: (chunk: StageChunk) => readonly T[] | undefined): (T | null)[] =>
    chunks.flatMap((chunk): readonly (T | null)[] => of(chunk) ?? chunk.keys.map(() => null))
  await pool.query(
    `insert into staged_row (run_id, line, key, desired, identities, aside, row_number)
     select $1, s.line, s.key, s.desired, s.identities, s.aside, s.row_number
     from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::bigint[]) with ordinality as s (key, desired, identities, aside, row_number, line)`,
    [
      runId,
      cells((chunk) => chunk.keys),
      cells((chunk) => chunk.desired),
      cells((chunk) => chunk.identities),
      chunks.flatMap(({ keys, isAside = false }) => keys.map(() => isAside)),
      cells((chunk) => chunk.rows),
    ],
  )
}
