import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'
import { distort, type Effect, type Envelopes, type Faults } from './faults.ts'
import type { RequestLog } from './request-log.ts'
import type { Match, RouteAddress } from './router.ts'

/** One request, as it arrived. */
export interface Received<Route> {
  readonly method: string
  readonly path: string
  /** With its question mark; empty if there is none. */
  readonly query: string
  /** The body; empty if there is none. */
  readonly text: string
  readonly requestId: string
  /** Undefined: unknown path. */
  readonly match: Match<Route> | undefined
  header(name: string): string | undefined
}

type Headers = Readonly<Record<string, string | number>>

/** An emulated API. `Admission`: what the checks before faults find, such as the grant of the token. */
export interface ApiSpec<Route extends RouteAddress, Admission> {
  readonly requestIdHeader: string
  readonly envelopes: Envelopes
  route(method: string, path: string): Match<Route> | undefined
  /** Milliseconds since 1970. */
  now(): number
  latencyMs(): number
  faults(): Faults
  log(): RequestLog
  /** Checks the token and counts the request in the rate limits. What it rejects meets no fault. */
  admit(
    received: Received<Route>,
  ): { readonly admission: Admission } | { readonly rejection: Answer; readonly admission?: Admission }
  /** Called before a fault is chosen. */
  arrived?(received: Received<Route>): void
  answer(received: Received<Route>, admission: Admission): Answer
  /** Revokes the token, and returns the answer to this request. */
  revoke(admission: Admission): Answer
  /** Headers of the answer beside its type, length, request id and date. `effect`: of the fault that fired. */
  headers(received: Received<Route>, admission: Admission | undefined, effect: Effect | null): Headers
  /** JSON of an error. */
  errorBody(error: { readonly code: string; readonly message: string }, requestId: string): unknown
  /** The API version that the request names, for the log. Default: none. */
  versionOf?(received: Received<Route>): string | null
}

type Handler = (req: IncomingMessage, res: ServerResponse, text: string) => void

/**
 * The HTTP server of an emulator: the vendor's API, and the paths under `/_emulator/` through `control`, which writes
 * its answers itself. node:http without a framework, because benchmarks run against it.
 */
export function createApiServer<Route extends RouteAddress, Admission>(
  api: ApiSpec<Route, Admission>,
  control: Handler,
): Server {
  const serve = createHandler(api)
  return createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const handle = req.url?.startsWith('/_emulator') ? control : serve
    if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined)
      return handle(req, res, '')
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () =>
      handle(req, res, chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString()),
    )
  })
}

function createHandler<Route extends RouteAddress, Admission>(api: ApiSpec<Route, Admission>): Handler {
  let serial = 0
  return (req, res, text) => {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const method = req.method ?? 'GET'
    const received: Received<Route> = {
      method,
      path,
      query: mark < 0 ? '' : url.slice(mark),
      text,
      requestId: `em${(++serial).toString(36).padStart(18, '0')}`,
      match: api.route(method, path),
      header(name) {
        const value = req.headers[name]
        return Array.isArray(value) ? value[0] : value
      },
    }
    let fault: number | null = null
    const send = (answer: Answer, admission: Admission | undefined, effect: Effect | null): void => {
      writeLog(api, received, answer.status, fault)
      writeAnswer(api, received, res, answer, api.headers(received, admission, effect))
    }

    api.log().begin()
    const latencyMs = api.latencyMs()
    const admitted = api.admit(received)
    if ('rejection' in admitted) return later(latencyMs, () => send(admitted.rejection, admitted.admission, null))
    const { admission } = admitted
    api.arrived?.(received)
    const { slowMs, effect, id } = api.faults().pick(method, path)
    fault = id
    if (effect?.type === 'revoke') {
      const answer = api.revoke(admission)
      return later(latencyMs, () => send(answer, undefined, effect))
    }
    later(latencyMs + slowMs, () => {
      const isCarriedOut = effect === null || effect.type === 'omit' || ('applied' in effect && effect.applied)
      const truth = isCarriedOut ? api.answer(received, admission) : null
      if (effect?.type === 'reset') {
        writeLog(api, received, 0, fault)
        req.socket.resetAndDestroy()
        return
      }
      send(effect === null ? truth! : distort(effect, truth, api.envelopes), admission, effect)
    })
  }
}

function later(ms: number, act: () => void): void {
  if (ms === 0) act()
  else setTimeout(act, ms).unref()
}

function writeAnswer<Route extends RouteAddress, Admission>(
  api: ApiSpec<Route, Admission>,
  { requestId }: Received<Route>,
  res: ServerResponse,
  answer: Answer,
  headers: Headers,
): void {
  const json = answer.error === undefined ? answer.json : api.errorBody(answer.error, requestId)
  const text = answer.text ?? (json === undefined ? '' : JSON.stringify(json))
  const all: (string | number)[] = ['Content-Length', Buffer.byteLength(text), api.requestIdHeader, requestId]
  // Node.js adds the date itself, from the machine's clock.
  if (api.now !== Date.now) all.push('Date', new Date(api.now()).toUTCString())
  if (text !== '') all.push('Content-Type', answer.contentType ?? 'application/json; charset=utf-8')
  for (const [name, value] of Object.entries(headers)) all.push(name, value)
  for (const [name, value] of Object.entries(answer.headers ?? {})) all.push(name, value)
  res.writeHead(answer.status, all as unknown as Record<string, string>)
  res.end(text)
}

function writeLog<Route extends RouteAddress, Admission>(
  api: ApiSpec<Route, Admission>,
  received: Received<Route>,
  status: number,
  fault: number | null,
): void {
  const { method, path, requestId, match } = received
  api
    .log()
    .end(
      { at: api.now(), method, path, status, requestId, version: api.versionOf?.(received) ?? null, fault },
      match === undefined ? 'other' : `${match.route.method} ${match.route.path}`,
      match?.route.effect ?? null,
    )
}
