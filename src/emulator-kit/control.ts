import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Faults, FaultRule } from './faults.ts'
import type { RequestLog } from './request-log.ts'

export interface ControlCall {
  /** The parsed JSON body. Undefined: there is none. */
  readonly body: unknown
  /** Parts of the path after `/_emulator/`, decoded. */
  readonly parts: readonly string[]
}

/** The emulator's own paths, which the vendor does not have: `METHOD first-part`. They need no token. */
export type ControlPaths = Readonly<Record<string, (call: ControlCall) => unknown>>

const done = { ok: true }

/** Paths of every emulator: what was requested, and faults on demand. */
export function commonPaths(log: () => RequestLog, faults: () => Omit<Faults, 'pick'>): ControlPaths {
  return {
    'GET requests': () => log().counters(),
    'GET log': () => ({ requests: log().latest() }),
    'DELETE requests': () => (log().clear(), done),
    'GET faults': () => ({ faults: faults().list() }),
    'POST faults': ({ body }) => faults().add(body as FaultRule),
    'DELETE faults': ({ parts }) => {
      if (parts[1] === undefined) faults().clear()
      else if (!faults().remove(Number(parts[1]))) throw new Error(`there is no fault ${parts[1]}`)
      return done
    },
  }
}

/**
 * Answers requests under `/_emulator/`. An action without a result answers `{"ok":true}`. Invalid input: 400 with a
 * message; unknown path: 404 with all paths.
 */
export function createControl(paths: ControlPaths): (req: IncomingMessage, res: ServerResponse, text: string) => void {
  const known = Object.keys(paths).map((path) => path.replace(' ', ' /_emulator/'))
  return (req, res, text) => {
    const parts = (req.url ?? '').split('?')[0]!.split('/').slice(2)
    const act = paths[`${req.method} ${parts[0] ?? ''}`]
    if (act === undefined) return reply(res, 404, { error: 'unknown path', paths: known })
    try {
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      reply(res, 200, act({ parts: parts.map(decodeURIComponent), body }) ?? done)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      reply(res, 400, { error: error instanceof z.ZodError ? z.prettifyError(error) : error.message })
    }
  }
}

function reply(res: ServerResponse, status: number, json: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
  res.end(`${JSON.stringify(json)}\n`)
}
