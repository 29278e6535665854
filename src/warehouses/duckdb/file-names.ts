import { existsSync, globSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { Fault } from '../../connect/index.ts'

/**
 * Relative file names in a query mean files beside tailrace.yaml. DuckDB however looks in the working directory first and in
 * `file_search_path` second (LocalFileSystem::Glob, seen in 1.5.5, 2026-11), and there is no setting for that; so a name
 * that the working directory would answer is refused rather than read from the wrong place.
 */
export function refuseFilesOfAnotherDirectory(sql: string, baseDir: string, cwd = process.cwd()): void {
  if (resolve(baseDir) === resolve(cwd)) return
  for (const [, name = ''] of sql.matchAll(/'((?:[^'\n]|'')*)'/g)) {
    if (!looksLikeFile(name) || isAbsolute(name) || resolve(baseDir, name) === resolve(cwd, name)) continue
    if (!(/[*?[]/.test(name) ? globSync(name, { cwd }).length > 0 : existsSync(resolve(cwd, name)))) continue
    throw new Fault('config', `'${name}' in the query means ${resolve(baseDir, name)}, but DuckDB would read ${resolve(cwd, name)}.`, {
      code: 'ambiguous-file',
      advice: `Write the full path in the query, or start from ${baseDir}.`,
    })
  }
}

/** `orders.csv`, `data/orders`, `*.parquet`; not `premium`, nor `https://…`, nor a sentence. */
function looksLikeFile(text: string): boolean {
  return /[./]/.test(text) && !/[\s:]/.test(text) && !/^[./]*$/.test(text)
}
