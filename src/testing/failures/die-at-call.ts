import type { Activation } from '../../engine/activation.ts'
import type { Ports } from '../../engine/ports.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { mortalPool } from './mortal-pool.ts'
import { runAndDie } from './run-and-die.ts'
import type { TestDatabase } from '../harness/test-database.ts'

/**
 * Runs an Activation in a process that dies when the response to this call arrives, before it is settled. False: the
 * process survived.
 */
export async function dieAtCall(
  activation: Activation,
  database: Pick<TestDatabase, 'pool' | 'url'>,
  call: number,
): Promise<boolean> {
  const mortal = mortalPool(database.url, 'tailrace')
  const abort = new AbortController()
  let answers = 0
  const log: Ports['log'] = {
    debug(message) {
      if (message === 'request') answers += 1
      // Other requests in flight are lost with the process.
      if (message === 'request' && answers === call) {
        mortal.kill()
        abort.abort()
      }
    },
    info: () => undefined,
    warn: () => undefined,
  }
  await runAndDie(activation, { ...quietPorts(database.pool), log, abort: abort.signal }, mortal)
  return mortal.dead
}
