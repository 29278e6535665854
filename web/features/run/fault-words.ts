import type { z } from 'zod'
import type { fault } from '../../../src/api/shared.ts'
import type { Trouble } from '../../ui/error-panel.tsx'
import { adviceHere } from '../../lib/guard-words.ts'

type RunFault = z.output<typeof fault>

const titles: Readonly<Record<string, string>> = {
  blocked: 'A guardrail blocked this Run before the first write',
  stopped: 'A guardrail stopped this Run',
  config: 'The Activation cannot run with its current settings',
  auth: 'The Target or Warehouse rejected the credentials',
  transient: 'A system was not reachable',
  cancelled: 'A person stopped this Run',
  usage: 'The configuration has a mistake',
  bug: 'A bug in Tailrace',
}

const titlesOfCodes: Readonly<Record<string, string>> = {
  'guard-failures': 'A guardrail stopped this Run',
  'canary-failed': 'The first records were not as planned, so this Run stopped',
  'plan-changed': 'The plan no longer held, so nothing was written',
}

/** Converts a Run's Fault for a TroublePanel. */
export function troubleOfFault({ kind, code, message, advice, requestId }: RunFault): Trouble {
  return {
    title: titlesOfCodes[code] ?? titles[kind] ?? 'The Run could not continue',
    message,
    advice: adviceHere(code, advice),
    code,
    requestId,
  }
}

/** The guardrails to override so that the Run is not blocked again; empty if no guardrail blocked it. */
export function guardsOf({ code, advice }: RunFault): readonly string[] {
  if (code === 'guard-several') return /--allow ([\w,]+)/.exec(advice ?? '')?.[1]?.split(',') ?? []
  return code.startsWith('guard-') ? [code.slice('guard-'.length)] : []
}
