import type { RunReport } from '../../engine/run-report.ts'
import type { Ports } from '../../engine/ports.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { mortalPool } from '../failures/cut-pools.ts'
import { runAndDie } from '../failures/run-and-die.ts'
import type { ManualEditDuring, Trouble } from './shared-account-history.ts'
import { byHand, type Stage } from './shared-account-stage.ts'
import type { OpenActivation, SharedAccount } from './shared-account.ts'

/** What happens in the middle of a Run: an injected fault, a manual edit, or both. */
export interface Beside {
  readonly trouble?: Trouble | undefined
  readonly during?: ManualEditDuring | undefined
}

interface Watching {
  readonly ports: Ports
  readonly abort: AbortController
  kill: () => void
  /** Stops injecting faults and edits. */
  end(): void
  happened(): boolean
}

/** From now on, injects the fault and makes the manual edit at their requests. */
export function watchBeside(stage: Stage, { trouble, during }: Beside): Watching {
  const {
    account: { intercom, ports },
    seen,
    note,
  } = stage
  const abort = new AbortController()
  let requests = 0
  let writes = 0
  let happened = false
  const watching: Watching = {
    ports: { ...ports, abort: abort.signal, random: () => 0 },
    abort,
    kill: () => undefined,
    happened: () => happened,
    end() {
      intercom.faults.clear()
      intercom.watch({ change: seen })
    },
  }
  intercom.watch({
    change: seen,
    request({ method, path }) {
      requests += 1
      const isWrite = isWriteCall(`${method} ${path}`)
      if (isWrite) writes += 1
      if (during?.atRequest === requests) {
        note('person in the middle of a Run')
        byHand(stage, during.edit)
      }
      if (trouble === undefined || happened) return
      if (trouble.is === 'dies before a request' || trouble.is === 'dies after a request') {
        if (requests !== trouble.number) return
        intercom.faults.add({ count: 1, effect: { type: 'reset', applied: trouble.is === 'dies after a request' } })
        happened = true
        return watching.kill()
      }
      if (trouble.is === 'dies at query' || !isWrite || writes !== trouble.number) return
      happened = true
      intercom.faults.add({ count: 1, effect: effects[trouble.is] })
    },
  })
  return watching
}

const effects: Readonly<
  Record<
    Exclude<Trouble['is'], `dies ${string}`>,
    Parameters<Stage['account']['intercom']['faults']['add']>[0]['effect']
  >
> = {
  'reply lost': { type: 'reset', applied: true },
  'request lost': { type: 'reset', applied: false },
  'odd answer': { type: 'omit', fields: ['id'] },
  refused: { type: 'status', status: 422, code: 'parameter_invalid', message: 'Not today' },
  unavailable: { type: 'status', status: 503 },
}

export async function runMortal(
  { database }: SharedAccount,
  { activation }: OpenActivation,
  { is, number }: Trouble,
  beside: Watching,
): Promise<RunReport | undefined> {
  const mortal = mortalPool(database.url, 'tailrace', is === 'dies at query' ? number : Infinity)
  beside.kill = () => {
    mortal.kill()
    beside.abort.abort()
  }
  const report = await runAndDie(activation, { ...quietPorts(database.pool), abort: beside.abort.signal }, mortal)
  if (mortal.dead) beside.happened = () => true
  return report
}

/** Whether the call (`METHOD /path`) writes. Searches and company lists are POSTs, too, but only read. */
export function isWriteCall(call: string): boolean {
  return !call.startsWith('GET ') && !/\/(search|list)$/.test(call)
}
