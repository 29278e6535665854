import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { defaultTimezone, Fault, readCancelled } from '../../connect/index.ts'
import type { DuckdbConfig } from './config.ts'
import { words } from './faults.ts'
import { literal } from './statement.ts'

/**
 * Opens the file read-only, or an empty in-memory database. Then locks the settings, so that no query can change them.
 * Nothing is downloaded: extensions are neither installed nor loaded automatically, so URLs as file names fail.
 */
export async function openDatabase(
  config: DuckdbConfig,
  baseDir: string,
): Promise<{ readonly instance: DuckDBInstance; readonly allowsFiles: boolean }> {
  const file = config.path === undefined || config.path === ':memory:' ? undefined : resolve(baseDir, config.path)
  if (file !== undefined) await rejectMissingFile(file)
  const allowsFiles = config.files ?? file === undefined
  const options: Record<string, string> = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    ...(file === undefined ? {} : { access_mode: 'READ_ONLY' }),
    ...(allowsFiles ? {} : { enable_external_access: 'false' }),
    ...(config.threads === undefined ? {} : { threads: String(config.threads) }),
    ...(config.memoryLimit === undefined ? {} : { memory_limit: config.memoryLimit }),
  }
  const instance = await DuckDBInstance.create(file ?? ':memory:', options).catch((error: unknown) => {
    throw openFault(words(error), file)
  })
  const connection = await instance.connect()
  try {
    await connection.run(`set global file_search_path = ${literal(baseDir)}`)
    // Errors as JSON carry the exact position. The time zone is fixed, so that values do not depend on the worker's
    // zone.
    await connection.run('set global errors_as_json = true')
    await connection.run(`set global TimeZone = ${literal(config.timezone ?? defaultTimezone)}`)
    await connection.run('set global lock_configuration = true')
  } finally {
    connection.closeSync()
  }
  return { instance, allowsFiles }
}

async function rejectMissingFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new Fault('config', `The DuckDB file ${file} cannot be accessed (${error.code}).`, {
      code: 'warehouse-not-readable',
    })
  })
  if (found?.isFile()) return
  throw new Fault('config', found ? `${file} is not a file.` : `There is no DuckDB file at ${file}.`, {
    code: 'warehouse-not-found',
    advice: 'Paths are relative to tailrace.yaml. Remove `path` to query CSV, Parquet and JSON files.',
  })
}

function openFault(said: string, file: string | undefined): Fault {
  if (/could not set lock|conflicting lock/i.test(said)) {
    return new Fault('transient', `Another program has ${file} open for writing: ${said}`, {
      code: 'warehouse-locked',
      advice:
        'DuckDB allows one process that writes, or many processes that read. Close the program that writes, or use a copy of the file.',
    })
  }
  if (/version number|newer version|storage version/i.test(said)) {
    return new Fault('config', `${file} was written by another version of DuckDB: ${said}`, {
      code: 'warehouse-version',
      advice: 'Write the file with the DuckDB version of Tailrace, or export it to Parquet.',
    })
  }
  if (/not a valid DuckDB database|corrupt database/i.test(said)) {
    return new Fault('config', `${file} is not a DuckDB database: ${said}`, { code: 'warehouse-not-readable' })
  }
  return new Fault('config', `DuckDB could not open ${file ?? 'a database in memory'}: ${said}`, {
    code: 'warehouse-not-readable',
  })
}

/** DuckDB loses an interrupt that comes between two steps of a query, so it is repeated at this interval. */
const againMs = 50

/** From an abort on, interrupts the connection's work until the returned function is called. */
export function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    connection.interrupt()
    timer = setInterval(() => connection.interrupt(), againMs)
  }
  if (signal.aborted) start()
  else signal.addEventListener('abort', start, { once: true })
  return () => {
    signal.removeEventListener('abort', start)
    clearInterval(timer)
  }
}

/** Opens a connection for one piece of work. */
export async function withConnection<T>(
  instance: DuckDBInstance,
  signal: AbortSignal,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw readCancelled(signal)
  const connection = await instance.connect()
  const leave = interruptOnAbort(connection, signal)
  try {
    return await use(connection)
  } catch (error) {
    throw signal.aborted ? readCancelled(signal) : error
  } finally {
    leave()
    connection.closeSync()
  }
}
