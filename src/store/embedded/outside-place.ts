import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { Fault } from '../../model/fault.ts'
import { findPostmaster } from './postmaster.ts'

const parent = '/var/lib/tailrace/data'

/**
 * Makes a directory for the data of a home that root's unprivileged user cannot enter. Its name is new each time: a home that
 * was deleted and made anew must not meet its old data. A file `home` in it tells people whose data these are.
 */
export async function outsidePlace(home: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true, mode: 0o755 })
    await sweepTemporary()
    const hash = createHash('sha256').update(home).digest('hex').slice(0, 16)
    const place = await mkdtemp(join(parent, `${hash}-`))
    await writeFile(join(place, 'home'), home)
    await chmod(place, 0o711)
    return place
  } catch (error) {
    throw new Fault('usage', `PostgreSQL does not run as root, and no other user can enter ${home}, nor can ${parent} be used.`, {
      code: 'embedded-no-place',
      advice: 'Run as an ordinary user, set TAILRACE_HOME to a directory that others may enter, or set DATABASE_URL.',
      cause: error,
    })
  }
}

/** Projects in the temporary directory come and go; what they left here goes after them. No other data are ever deleted. */
async function sweepTemporary(): Promise<void> {
  for (const name of await readdir(parent)) {
    const place = join(parent, name)
    const marker = join(place, 'home')
    if (!existsSync(marker)) continue
    const home = await readFile(marker, 'utf8')
    if (!home.startsWith(tmpdir() + sep) || existsSync(home) || findPostmaster(join(place, 'postgres')) !== undefined) continue
    await rm(place, { recursive: true, force: true })
  }
}
