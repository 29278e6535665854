import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams'
import type { Key } from '../model/record.ts'
import { groupTable } from '../store/snapshot/staged-records.ts'

/** What a Run read: one Record per row, in an unlogged table of its own, which is dropped with the Run. */
export interface Stage {
  readonly table: string
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
  /** Ends the copy. Only a sealed Stage may be compared. */
  seal(): Promise<void>
  /** Drops the table, sealed or not. */
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

/** Columns besides the Key. `named`: what is desired and all identifiers. `links`: the name of a group in `desired`. */
export type StageShape = 'keys' | 'named' | 'links'

const columnsOf: Readonly<Record<StageShape, string>> = {
  keys: 'key',
  named: 'key, desired, identities, aside',
  links: 'key, desired, identities, aside, row_number',
}

export async function openStage(pool: Pool, runId: number, shape: StageShape): Promise<Stage> {
  const table = `stage_${runId}`
  const client = await pool.connect()
  let copy: CopyStreamQuery
  let failure: unknown
  try {
    await client.query(
      `create unlogged table ${table} (key text collate "C" not null, desired text collate "C", identities text, aside boolean not null default false, row_number bigint) with (autovacuum_enabled = false)`,
    )
    copy = client.query(copyFrom(`copy ${table} (${columnsOf[shape]}) from stdin`))
    copy.on('error', (error) => {
      failure = error
    })
  } catch (error) {
    client.release(true)
    throw error
  }
  let state: 'open' | 'sealed' | 'dropped' = 'open'
  const write = async (lines: number, text: () => string): Promise<void> => {
    if (failure !== undefined) throw failure
    if (lines === 0) return
    if (!copy.write(text())) await drained(copy)
    if (failure !== undefined) throw failure
  }
  return {
    table,
    add: (keys) => write(keys.length, () => copyText(keys)),
    addNamed: (keys, desired, identities) => write(keys.length, () => copyNamed(keys, desired, identities)),
    addLinks: (links) => write(links.length, () => copyLinks(links)),
    setAside: (keys) =>
      write(keys.length, () =>
        keys.map((key) => `${escapeCell(key)}\t\\N\t\\N\tt${shape === 'links' ? '\t\\N' : ''}\n`).join(''),
      ),
    async seal() {
      copy.end()
      await finished(copy)
      state = 'sealed'
      client.release()
    },
    async drop() {
      if (state === 'dropped') return
      if (state === 'open') abandon(copy, client)
      state = 'dropped'
      await pool.query(`drop table if exists ${table}, ${groupTable(table)}`)
    },
  }
}

/** Waits until the server has caught up or is gone: `close` follows every error. */
async function drained(copy: CopyStreamQuery): Promise<void> {
  const done = new AbortController()
  try {
    await Promise.race([once(copy, 'drain', { signal: done.signal }), once(copy, 'close', { signal: done.signal })])
  } finally {
    done.abort()
  }
}

/** Ends an unfinished COPY by closing its connection; the server then discards the copied rows. */
function abandon(copy: CopyStreamQuery, client: PoolClient): void {
  copy.on('error', () => undefined)
  copy.destroy()
  client.release(true)
}

/** COPY's text format: one line per row, with backslash, newline, carriage return and tab escaped. */
function copyText(keys: readonly Key[]): string {
  const text = `${keys.join('\n')}\n`
  return needsEscape(text, keys.length) ? `${keys.map(escapeCell).join('\n')}\n` : text
}

function copyNamed(
  keys: readonly Key[],
  desired: readonly string[] | undefined,
  identities: readonly (string | null)[],
): string {
  return keys
    .map((key, index) => {
      const all = identities[index] ?? null
      // NULL: the Activation itself names what is desired.
      return `${escapeCell(key)}\t${desired === undefined ? '\\N' : escapeCell(desired[index] ?? '')}\t${all === null ? '\\N' : escapeCell(all)}\tf\n`
    })
    .join('')
}

function copyLinks(links: readonly StagedLink[]): string {
  const cell = (text: string | null) => (text === null ? '\\N' : escapeCell(text))
  return links
    .map(({ key, name, identities, row }) => `${escapeCell(key)}\t${cell(name)}\t${cell(identities)}\tf\t${row}\n`)
    .join('')
}

/** One scan of the page: a character that must be escaped, or more newlines than rows. */
function needsEscape(text: string, rows: number): boolean {
  if (/[\\\r\t]/.test(text)) return true
  let newlines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) newlines += 1
  return newlines !== rows
}

function escapeCell(cell: string): string {
  return cell.replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? character)
}
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
