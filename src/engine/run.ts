import { Fault } from '../model/fault.ts'
import type { GuardRule } from '../sync/guard.ts'
import type { Activation } from './activation.ts'
import type { DeliveryEnd } from './deliver.ts'
import { holdActivation } from './hold.ts'
import type { Held } from './held.ts'
import { Pass, type RunReport } from './pass.ts'
import type { Ports } from './ports.ts'
import { asFault } from './send-slice.ts'

export interface RunOptions {
  /** Guardrails that this one Run is let through. */
  readonly allow?: readonly GuardRule[]
}

/**
 * One Run of one Activation: the path of a row. Read, map and stage its rows; compare the sealed Stage with the Snapshot; plan;
 * deliver; settle; report. Throws only what prevented a Run from starting; what goes wrong later is in the report, and in
 * the Run's row.
 */
export async function runActivation(activation: Activation, ports: Ports, options: RunOptions = {}): Promise<RunReport> {
  const allow = options.allow ?? []
  return await holdActivation(letThrough(activation, allow), ports, { remember: true, allow }, async (held, notices) => {
    const pass = new Pass(held)
    pass.notices.push(...notices)
    let end: DeliveryEnd | undefined
    let fault: Fault | undefined
    try {
      await readPart(pass)
      await pass.guard()
      if (pass.lines > 0) end = await pass.deliver()
      if (end !== undefined && 'fault' in end) fault = end.fault
    } catch (error) {
      fault = stopped(held, error) ?? asFault(error)
    }
    try {
      return await pass.report(end, fault)
    } finally {
      await pass.close()
    }
  })
}

/** `--allow create` is the Activation's own leave to create, for one Run. */
function letThrough(activation: Activation, allow: readonly GuardRule[]): Activation {
  const setting = activation.object.members?.createSetting
  if (setting === undefined || !allow.includes('create')) return activation
  return { ...activation, settings: { ...(activation.settings as object), [setting]: true } }
}

async function readPart(pass: Pass): Promise<void> {
  const session = await pass.open()
  try {
    await pass.readAndPlan(session)
  } finally {
    await session.close()
  }
}

function stopped(held: Held, error: unknown): Fault | undefined {
  if (!held.ports.stop.aborted || (Fault.is(error) && error.kind !== 'cancelled')) return undefined
  return new Fault('cancelled', 'Stopped before anything was sent.', { code: 'cancelled' })
}
