import type { DuckDBConnection } from '@duckdb/node-api'
import { rejectFilesOfAnotherFolder } from './file-places.ts'
import { fileReadsIn } from './file-reads.ts'
import { guessesIn, type Guesses } from './guessed-columns.ts'

const none: Guesses = { reject: () => Promise.resolve() }

/** How queries may read files: from which folder, or not at all. */
export interface FileAccess {
  readonly baseDir: string
  readonly allowed: boolean
}

/** Sees to the files of a query that is valid: each must be the one that is meant, and what is guessed about it is known afterwards. */
export async function inspectFiles(connection: DuckDBConnection, sql: string, { baseDir, allowed }: FileAccess): Promise<Guesses> {
  if (!allowed) return none
  const reads = await fileReadsIn(connection, sql)
  if (reads.length === 0) return none
  await rejectFilesOfAnotherFolder(connection, reads, baseDir)
  return await guessesIn(connection, sql, reads)
}
