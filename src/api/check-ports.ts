import type { CheckPorts } from '../engine/check.ts'
import type { Services } from './services.ts'

/** For looks at Warehouses and Targets on behalf of one request. */
export function checkPorts({ now, random, log, outward }: Services, signal: AbortSignal): CheckPorts {
  return { now, random, log, abort: signal, ...outward && { proxies: outward } }
}
