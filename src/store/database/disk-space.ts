import { existsSync } from 'node:fs'
import { realpath, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Pool } from 'pg'

/**
 * The place of the file that the control database could not write, from its error message, and the free space there, as
 * far as both are known: its server may be another machine.
 */
export async function databaseDisk(pool: Pool, words: string): Promise<string | undefined> {
  const {
    rows: [row],
  } = await pool.query<{ path: string | null; pid: number; here: boolean }>(
    `select case when pg_has_role(current_user, 'pg_read_all_settings', 'usage') then current_setting('data_directory', true) end as path, pg_backend_pid() as pid,
       coalesce(host(inet_server_addr()) in ('127.0.0.1', '::1'), true) as here`,
  )
  if (row === undefined || row.path === null) return undefined
  // The embedded server uses its data directory as working directory.
  const path = row.here && row.path === '/proc/self/cwd' ? `/proc/${row.pid}/cwd` : row.path
  if (!row.here || !existsSync(join(path, 'PG_VERSION'))) return `its data is in ${row.path}`
  // Relative to the data directory; pg_tblspc and pg_wal may contain links to other disks.
  const file = /"([^"]+)"/.exec(words)?.[1]
  const folder = file === undefined ? path : dirname(join(path, file))
  return await spaceAt(await realpath(existsSync(folder) ? folder : path))
}

/** `1.2 MB are free in /var/lib/x`. */
async function spaceAt(path: string): Promise<string> {
  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  const unit =
    free < 1e6
      ? `${Math.round(free / 1e3)} kB`
      : free < 1e9
        ? `${(free / 1e6).toFixed(1)} MB`
        : `${(free / 1e9).toFixed(1)} GB`
  return `${unit} are free in ${path}`
}
