import type { z } from 'zod'
import type { fault } from '../../src/api/shared.ts'
import type { Trouble } from './error-panel.tsx'

type RunFault = z.output<typeof fault>

const titles: Readonly<Record<string, string>> = {
  refused: 'A guardrail stopped this Run before the first write', config: 'The Activation cannot run as it is', auth: 'The Connection was not let in',
  transient: 'Something was not reachable', cancelled: 'A person stopped this Run', usage: 'The configuration has a mistake', bug: 'A fault of Tailrace',
}

/** A Run's Fault for a TroublePanel. */
export function troubleOfFault({ kind, code, message, advice, requestId }: RunFault): Trouble {
  return { title: titles[kind] ?? 'The Run could not go on', message, advice, code, requestId }
}

/** What to allow so that one Run passes the guardrails that stopped this one; empty where none did. */
export function guardsOf({ code, advice }: RunFault): readonly string[] {
  if (code === 'guard-several') return /--allow ([\w,]+)/.exec(advice ?? '')?.[1]?.split(',') ?? []
  return code.startsWith('guard-') ? [code.slice('guard-'.length)] : []
}
