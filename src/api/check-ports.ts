import type { CheckPorts } from '../engine/check.ts'
import type { Services } from './services.ts'

/** Ports for reading Warehouses and Targets during one request. */
export function checkPorts({ now, random, log, outward }: Services, signal: AbortSignal): CheckPorts {
  return { now, random, log, abort: signal, ...(outward && { proxies: outward }) }
}
