import type { DuckDBConnection } from '@duckdb/node-api'
import { rejectFilesOfAnotherFolder } from './file-places.ts'
import { fileReadsIn } from './file-reads.ts'
import { guessesIn, type Guesses } from './guessed-columns.ts'

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
