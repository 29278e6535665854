import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../model/fault.ts'

const fewest = 32

/**
 * The key that seals secrets: from `given` (TAILRACE_SECRET_KEY: a text of 32 characters or more), else from the file
 * `secret-key` in the home directory, which is created on first use and readable only by its owner.
 */
export async function openSecretKey(home: string, given: string | undefined): Promise<Uint8Array> {
  if (given !== undefined && given !== '') {
    if (given.trim().length >= fewest) return createHash('sha256').update(given.trim()).digest()
    throw new Fault('usage', `TAILRACE_SECRET_KEY is shorter than ${fewest} characters.`, {
      code: 'secret-key-invalid',
      advice: 'Set it to a long random text, such as the output of "openssl rand -base64 32".',
    })
  }
  const file = join(home, 'secret-key')
  try {
    if (!existsSync(file)) await makeKey(home, file)
    const { mode } = await stat(file)
    if ((mode & 0o077) !== 0)
      throw unusable(
        file,
        'other users of this machine can read it',
        'Restrict its permissions: chmod 600. A user who has read it can read the saved secrets.',
      )
    const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64')
    if (key.length !== 32)
      throw unusable(file, 'it does not contain 32 bytes in base64', 'Restore the file that the server wrote.')
    return key
  } catch (error) {
    if (Fault.is(error)) throw error
    throw unusable(
      file,
      (error as NodeJS.ErrnoException).code ?? String(error),
      'Allow this user to write to that folder, or set TAILRACE_SECRET_KEY.',
    )
  }
}

/** The first process creates the key file, complete at once; every process then reads the file that exists. */
async function makeKey(home: string, file: string): Promise<void> {
  await mkdir(home, { recursive: true })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
}

function unusable(file: string, why: string, advice: string): Fault {
  return new Fault('usage', `The key of the saved secrets, ${file}, cannot be used: ${why}.`, {
    code: 'secret-key-invalid',
    advice,
  })
}
