import type { DuckDBConnection } from '@duckdb/node-api'
import { globSync, realpathSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { Fault } from '../../connect/index.ts'
import type { FileRead } from './file-reads.ts'
import { literal } from './statement.ts'

/**
 * Relative file names in a query mean files beside tailrace.yaml. DuckDB however looks in the working directory first and in
 * `file_search_path` second (LocalFileSystem::Glob, seen in 1.5.5, 2026-11), and there is no setting for that; so a name
 * that the working directory would answer is refused rather than read from the wrong place.
 */
export async function rejectFilesOfAnotherFolder(connection: DuckDBConnection, reads: readonly FileRead[], baseDir: string, cwd = process.cwd()): Promise<void> {
  if (realpathSync(baseDir) === realpathSync(cwd)) return
  for (const { names, reader, within } of reads) {
    const place = within === undefined ? 'in the query' : `in ${within}`
    if (names === undefined) {
      throw new Fault('config', `What file ${reader}() reads ${place} is computed, so it cannot be told whether its name means a file beside tailrace.yaml.`, {
        code: 'ambiguous-file', advice: `Write the file name itself, or start from ${baseDir}.`,
      })
    }
    for (const name of names) {
      if (!isRelative(name)) continue
      const elsewhere = await foundElsewhere(connection, name, baseDir, cwd)
      if (elsewhere === undefined) continue
      throw new Fault('config', `'${name}' ${place} means ${resolve(baseDir, name)}, but DuckDB would read ${resolve(cwd, elsewhere)}.`, {
        code: 'ambiguous-file', advice: `Write the full path ${within === undefined ? 'in the query' : 'there'}, or start from ${baseDir}.`,
      })
    }
  }
}

/** A file that answers to this name where we were started, seen from there; undefined: none does, or DuckDB reads what lies beside tailrace.yaml. */
async function foundElsewhere(connection: DuckDBConnection, name: string, baseDir: string, cwd: string): Promise<string | undefined> {
  // DuckDB takes its search path apart at commas.
  if (baseDir.includes(',')) return name
  const reader = await connection.runAndReadAll(`SELECT file FROM glob(${literal(name)})`)
  const files = reader.getRows().map((row) => String(row[0]))
  // Whoever wrote a pattern that only this folder answers meant these files, and must be told where they have to lie.
  return files.length === 0 ? globSync(name, { cwd })[0] : files.find((file) => !isAbsolute(file))
}

/** `~` is the home directory to DuckDB; `https:` and the like are no local files. */
function isRelative(name: string): boolean {
  return !isAbsolute(name) && !name.startsWith('~') && !/^[a-z][a-z0-9+.-]+:\/\//i.test(name)
}
