import type { Ports } from '../engine/ports.ts'
import type { Services } from './services.ts'

/** Ports for engine work within one request: aborted when the request ends. */
export function requestPorts({ database, now, random, server, log, outward }: Services, signal: AbortSignal): Ports {
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
  }
}
