import type { Ports } from '../engine/ports.ts'
import type { Services } from './services.ts'
import type { CheckPorts } from '../engine/check.ts'

/** Ports for engine work within one request: aborted when the request ends. */
export function requestPorts(
  { database, now, random, server, log, outward, tokens }: Services,
  signal: AbortSignal,
): Ports {
  return {
    database: database.pool,
    now,
    random,
    worker: server.worker,
    log,
    progress: () => undefined,
    stop: signal,
    abort: signal,
    ...(outward && { proxies: outward }),
    tokens,
  }
}

/** Ports for reading Warehouses and Targets during one request. */
export function checkPorts({ now, random, log, outward, tokens }: Services, signal: AbortSignal): CheckPorts {
  return { now, random, log, tokens, abort: signal, ...(outward && { proxies: outward }) }
}
