import { globSync, realpathSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { fileReadsIn, type FileRead } from './file-reads.ts'
import { guessesIn, type Guesses } from './guessed-columns.ts'
import { Fault } from '../../connect/index.ts'
import { literal } from './statement.ts'

const none: Guesses = { reject: () => Promise.resolve() }

/** Whether queries may read files, and the folder for relative names. */
export interface FileAccess {
  readonly baseDir: string
  readonly allowed: boolean
}

/**
 * Checks the files of a valid query: each name must match the intended file. Returns which of their columns are
 * guessed.
 */
export async function inspectFiles(
  connection: DuckDBConnection,
  sql: string,
  { baseDir, allowed }: FileAccess,
): Promise<Guesses> {
  if (!allowed) return none
  const reads = await fileReadsIn(connection, sql)
  if (reads.length === 0) return none
  await rejectFilesOfAnotherFolder(connection, reads, baseDir)
  return await guessesIn(connection, sql, reads)
}

/**
 * Relative file names in a query are relative to tailrace.yaml. But DuckDB searches the working directory first and
 * `file_search_path` second, without a setting to change that (LocalFileSystem::Glob, DuckDB 1.5.5, 2026-11). So a name
 * that matches in the working directory is an error, because DuckDB would read the wrong file.
 */
async function rejectFilesOfAnotherFolder(
  connection: DuckDBConnection,
  reads: readonly FileRead[],
  baseDir: string,
  cwd = process.cwd(),
): Promise<void> {
  if (realpathSync(baseDir) === realpathSync(cwd)) return
  for (const { names, reader, within } of reads) {
    const place = within === undefined ? 'in the query' : `in ${within}`
    if (names === undefined) {
      throw new Fault(
        'config',
        `The file name of ${reader}() ${place} is computed, so Tailrace cannot tell whether it refers to the folder of tailrace.yaml.`,
        {
          code: 'ambiguous-file',
          advice: `Write the file name itself, or start Tailrace in ${baseDir}.`,
        },
      )
    }
    for (const name of names) {
      if (!isRelative(name)) continue
      const elsewhere = await foundElsewhere(connection, name, baseDir, cwd)
      if (elsewhere === undefined) continue
      throw new Fault(
        'config',
        `'${name}' ${place} refers to ${resolve(baseDir, name)}, but DuckDB would read ${resolve(cwd, elsewhere)}.`,
        {
          code: 'ambiguous-file',
          advice: `Write the full path ${within === undefined ? 'in the query' : 'there'}, or start Tailrace in ${baseDir}.`,
        },
      )
    }
  }
}

/**
 * The file that DuckDB would read in the working directory, relative to it. Undefined if there is none, or if DuckDB
 * reads the file beside tailrace.yaml.
 */
async function foundElsewhere(
  connection: DuckDBConnection,
  name: string,
  baseDir: string,
  cwd: string,
): Promise<string | undefined> {
  // DuckDB splits its search path at commas.
  if (baseDir.includes(',')) return name
  const reader = await connection.runAndReadAll(`SELECT file FROM glob(${literal(name)})`)
  const files = reader.getRows().map((row) => String(row[0]))
  // A pattern that matches only in the working directory means those files, so report where they must be.
  return files.length === 0 ? globSync(name, { cwd })[0] : files.find((file) => !isAbsolute(file))
}

/** DuckDB reads `~` as the home directory; names such as `https:` are not local files. */
function isRelative(name: string): boolean {
  return !isAbsolute(name) && !name.startsWith('~') && !/^[a-z][a-z0-9+.-]+:\/\//i.test(name)
}
