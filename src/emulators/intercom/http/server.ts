import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerOf, versionOf } from './admission.ts'
import { reject, type Answer } from './answer.ts'
import { distort, type Effect } from './faults.ts'
import type { Meter } from './rate.ts'
import type { Match } from './router.ts'
import type { Session } from '../session.ts'

const unauthorized = reject(401, 'unauthorized', 'Access Token Invalid')

/** One request in progress: what the log and the headers need. */
interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly requestId: string
  readonly path: string
  readonly match: Match | undefined
  fault: number | null
}

/**
 * The HTTP server: Intercom's API through `session`, and the paths under `/_emulator/` through `control`, which gets
 * the body and writes the answer itself. node:http without a framework, because benchmarks run against it.
 */
export function createApiServer(
  session: Session,
  control: (req: IncomingMessage, res: ServerResponse, text: string) => void,
): Server {
  let serial = 0

  const api = (req: IncomingMessage, res: ServerResponse, text: string): void => {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const { workspace, rate, faults, tokens } = session
    const { now, latencyMs } = workspace.settings
    session.log.begin()
    const method = req.method ?? 'GET'
    const requestId = `em${(++serial).toString(36).padStart(18, '0')}`
    const exchange: Exchange = { req, res, requestId, path, match: session.route(method, path), fault: null }

    const grant = tokens.find(req.headers.authorization)
    if (grant === undefined) return later(latencyMs, () => send(session, exchange, unauthorized, null))
    const meter = rate.take(grant.app, now())
    if (meter.rejected !== null)
      return later(latencyMs, () => send(session, exchange, rateLimited(session, meter), meter))

    session.watcher.request?.({ method, path, requestId })
    const { slowMs, effect, id } = faults.pick(method, path)
    exchange.fault = id
    if (effect?.type === 'revoke') {
      grant.revoked = true
      return later(latencyMs, () => send(session, exchange, unauthorized, null))
    }
    later(latencyMs + slowMs, () => {
      const admitted = {
        workspace,
        match: exchange.match,
        grant,
        planRestricted: session.planRestricted,
        query: mark < 0 ? '' : url.slice(mark),
        version: versionOf(header(req, 'intercom-version'), workspace),
        accept: req.headers.accept,
        contentType: req.headers['content-type'],
        text,
      }
      const carriedOut = effect === null || effect.type === 'omit' || ('applied' in effect && effect.applied)
      session.serving = requestId
      const truth = carriedOut ? answerOf(admitted) : null
      session.serving = undefined
      if (effect === null) return send(session, exchange, truth!, meter)
      if (effect.type === 'reset') return cut(session, exchange)
      send(session, exchange, distort(effect, truth), shown(meter, effect))
    })
  }

  return createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const handle = req.url?.startsWith('/_emulator') ? control : api
    if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined)
      return handle(req, res, '')
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () =>
      handle(req, res, chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString()),
    )
  })
}

function later(ms: number, act: () => void): void {
  if (ms === 0) act()
  else setTimeout(act, ms).unref()
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function rateLimited(session: Session, { limit, rejected }: Meter): Answer {
  return rejected === 'app'
    ? reject(429, 'rate_limit_exceeded', `Exceeded rate limit of ${limit} in 10_seconds`)
    : reject(
        429,
        'rate_limit_exceeded',
        `Exceeded workspace rate limit of ${session.workspace.settings.workspaceLimit} in 10_seconds`,
      )
}

/** The rate headers of an answer with a fault: a web server in front of Intercom sends none. */
function shown(meter: Meter, effect: Effect): Meter | null {
  if (effect.type === 'html' || effect.type === 'empty') return null
  if (effect.type !== 'status') return meter
  return effect.rateHeaders === 'none' ? null : effect.rateHeaders === 'exhausted' ? { ...meter, remaining: 0 } : meter
}

function cut(session: Session, exchange: Exchange): void {
  log(session, exchange, 0)
  exchange.req.socket.resetAndDestroy()
}

function send(session: Session, exchange: Exchange, answer: Answer, meter: Meter | null): void {
  const { req, res, requestId } = exchange
  const { workspace } = session
  const text =
    answer.text ??
    (answer.error !== undefined
      ? JSON.stringify({ type: 'error.list', request_id: requestId, errors: [answer.error] })
      : answer.json === undefined
        ? ''
        : JSON.stringify(answer.json))
  const headers: (string | number)[] = [
    'Content-Length',
    Buffer.byteLength(text),
    'X-Request-Id',
    requestId,
    'Intercom-Version',
    versionOf(header(req, 'intercom-version'), workspace)?.name ?? workspace.settings.defaultVersion,
  ]
  // Node.js adds the date itself, from the machine's clock.
  const { now } = workspace.settings
  if (now !== Date.now) headers.push('Date', new Date(now()).toUTCString())
  if (text !== '') headers.push('Content-Type', answer.contentType ?? 'application/json; charset=utf-8')
  if (meter !== null) {
    headers.push(
      'X-RateLimit-Limit',
      meter.limit,
      'X-RateLimit-Remaining',
      meter.remaining,
      'X-RateLimit-Reset',
      meter.reset,
    )
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.push(name, value)
  log(session, exchange, answer.status)
  res.writeHead(answer.status, headers as unknown as Record<string, string>)
  res.end(text)
}

function log(session: Session, { req, requestId, path, match, fault }: Exchange, status: number): void {
  session.log.end(
    {
      at: session.workspace.settings.now(),
      method: req.method ?? 'GET',
      path,
      status,
      requestId,
      version: header(req, 'intercom-version') ?? null,
      fault,
    },
    match === undefined ? 'other' : `${match.route.method} ${match.route.path}`,
    match?.route.effect ?? null,
  )
}
