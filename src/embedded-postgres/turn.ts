import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../model/fault.ts'
import { lockWithin, type FileLock } from './file-lock.ts'
import { writePrivate } from './owner.ts'

export const turnTimeoutMs = 180_000

/** Only one process at a time starts or stops the server. */
export async function inTurn<T>(home: string, work: () => Promise<T>): Promise<T> {
  const turn = await lockWithin(join(home, 'postgres.lock'), 'exclusive', turnTimeoutMs)
  const holder = join(home, 'postgres.lock.pid')
  if (turn === undefined) throw inUseFault(home, existsSync(holder) ? await readFile(holder, 'utf8') : undefined)
  try {
    await writePrivate(home, 'postgres.lock.pid', `${process.pid}\n`)
    return await work()
  } finally {
    await rm(holder, { force: true })
    turn.release()
  }
}

/**
 * Every process that uses the server holds this lock as long as it lives, so the kernel knows which one is the last.
 */
export async function joinUsers(home: string): Promise<FileLock> {
  const use = await lockWithin(usersFile(home), 'shared', turnTimeoutMs)
  if (use === undefined) throw inUseFault(home, undefined)
  return use
}

export function usersFile(home: string): string {
  return join(home, 'postgres.users')
}

function inUseFault(home: string, pid: string | undefined): Fault {
  const who = pid === undefined ? 'another Tailrace process' : `the Tailrace process ${pid.trim()}`
  return new Fault('transient', `The database in ${home} is still being started or stopped by ${who}.`, {
    code: 'embedded-busy',
    advice: 'Wait until the other process is done, or end it. Then try again.',
  })
}
