import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams'
import type { Key } from '../model/record.ts'

/** Columns besides the Key. `named`: what is desired and all identifiers. `links`: the name of a group in `desired`. */
export type StageShape = 'keys' | 'named' | 'links'

/** Lines of a Stage, column by column. A missing column is null in all lines. */
export interface StageChunk {
  readonly keys: readonly Key[]
  readonly desired?: readonly (string | null)[] | undefined
  readonly identities?: readonly (string | null)[] | undefined
  /** Numbers of the rows, in a Stage of the shape `links`. */
  readonly rows?: readonly number[]
  /** The rows are invalid: they are not Records, but are still in the query. */
  readonly isAside?: boolean
}

/** The rows of a large Stage on their way into a table of their own. */
export interface StageCopy {
  /** Waits while the database is behind. */
  write(chunk: StageChunk): Promise<void>
  end(): Promise<void>
  /** Ends an unfinished copy; the server then discards the copied rows. */
  abandon(): void
}

const columnsOf: Readonly<Record<StageShape, string>> = {
  keys: 'key',
  named: 'key, desired, identities, aside',
  links: 'key, desired, identities, aside, row_number',
}

/** Creates the table and starts to copy into it. */
export async function openStageCopy(pool: Pool, table: string, shape: StageShape): Promise<StageCopy> {
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
  return {
    async write(chunk) {
      if (failure !== undefined) throw failure
      if (!copy.write(shape === 'keys' ? copyKeys(chunk.keys) : copyLines(chunk, shape))) await drained(copy)
      if (failure !== undefined) throw failure
    },
    async end() {
      copy.end()
      await finished(copy)
      client.release()
    },
    abandon: () => abandon(copy, client),
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
function copyKeys(keys: readonly Key[]): string {
  const text = `${keys.join('\n')}\n`
  return needsEscape(text, keys.length) ? `${keys.map(escapeCell).join('\n')}\n` : text
}

function copyLines({ keys, desired, identities, rows, isAside = false }: StageChunk, shape: StageShape): string {
  const cell = (text: string | null = null) => (text === null ? '\\N' : escapeCell(text))
  const aside = isAside ? 't' : 'f'
  const rowOf = (at: number) => (shape === 'links' ? `\t${rows?.[at] ?? '\\N'}` : '')
  return keys
    .map((key, at) => `${escapeCell(key)}\t${cell(desired?.[at])}\t${cell(identities?.[at])}\t${aside}${rowOf(at)}\n`)
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
