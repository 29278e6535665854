import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z, ZodType } from 'zod'
import { Fault } from '../model/fault.ts'
import type { Endpoint } from './endpoint.ts'
import type { Services } from './services.ts'
import { askOnce, forgetAsked, keepAnswer } from '../store/project/idempotency.ts'

export interface ApiCall<Params extends ZodType, Query extends ZodType, Body extends ZodType> {
  readonly params: z.output<Params>
  readonly query: z.output<Query>
  readonly body: z.output<Body>
  /** The revision from `If-Match`; 0 for endpoints that do not require it. */
  readonly revision: number
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Aborted when the client disconnects or the process stops. */
  readonly signal: AbortSignal
}

/** The result of a handler: reply data; or, if not JSON, text or a stream; or the reply itself if it was hijacked. */
type Given<Reply extends ZodType> = z.output<Reply> | FastifyReply | NodeJS.ReadableStream

/** Registers the route of an Endpoint with its schemas and headers. */
export function mount<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  app: FastifyInstance,
  services: Services,
  endpoint: Endpoint<Params, Query, Body, Reply>,
  handler: (call: ApiCall<Params, Query, Body>) => Promise<Given<Reply>>,
): void {
  const { method, path, params, query, body, reply: replySchema, status = 200, produces } = endpoint
  app.route({
    method,
    url: path,
    config: { endpoint: endpoint as Endpoint },
    schema: {
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      ...(produces === undefined && { response: { [status]: replySchema } }),
    },
    async handler(request, reply) {
      const revision = endpoint.ifMatch ? revisionIn(request) : 0
      const gone = new AbortController()
      const leave = () => {
        if (!reply.raw.writableFinished)
          gone.abort(new Fault('cancelled', 'The client closed the connection.', { code: 'cancelled' }))
      }
      reply.raw.once('close', leave)
      const call = {
        params: request.params as z.output<Params>,
        query: request.query as z.output<Query>,
        body: request.body as z.output<Body>,
        revision,
        request,
        reply,
        signal: AbortSignal.any([services.abort, gone.signal]),
      }
      const answer = endpoint.idempotencyKey
        ? await answerOnce(services, request, status, () => handler(call))
        : { status, given: await handler(call), replayed: false }
      if (reply.sent) return reply
      const { given } = answer
      const etag = (given as { readonly etag?: unknown } | null)?.etag
      if (typeof etag === 'string') reply.header('etag', etag)
      if (answer.replayed) reply.header('idempotency-replayed', 'true')
      if (produces !== undefined) reply.type(`${produces}; charset=utf-8`)
      return reply.code(answer.status).send(given)
    },
  })
}

/** Reads the revision from `If-Match: "17"`; -1 if it is no revision. */
function revisionIn(request: FastifyRequest): number {
  const given = request.headers['if-match']
  if (given === undefined) {
    throw new Fault('usage', 'This request changes data, but the header If-Match is missing.', {
      code: 'etag-required',
      advice: 'Read the resource first, and send its ETag as If-Match.',
    })
  }
  return Number(/^(?:W\/)?"(\d+)"$/.exec(given)?.[1] ?? -1)
}

/** The ETag of a revision, quoted as in the header. */
export function etagOf(revision: number): string {
  return `"${revision}"`
}

export interface OneAnswer {
  readonly status: number
  readonly given: unknown
  readonly replayed: boolean
}

/** With an `Idempotency-Key`, does the work once and keeps its answer for a day. Failures are not kept: retry them. */
async function answerOnce(
  { database: { pool }, sealer, log }: Services,
  request: FastifyRequest,
  status: number,
  work: () => Promise<unknown>,
): Promise<OneAnswer> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return { status, given: await work(), replayed: false }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Fault('usage', 'The header Idempotency-Key must be one word of at most 255 ASCII characters.', {
      code: 'idempotency-key-unfit',
      advice: 'Send a random one, such as a UUID.',
    })
  }
  const asked = await askOnce(pool, key, sealer.digest(JSON.stringify([request.method, request.url, request.body])))
  if (asked === 'other') {
    throw new Fault('usage', 'This Idempotency-Key was used for another request.', {
      code: 'idempotency-key-reused',
      advice: 'Use a new key for each request that creates something.',
    })
  }
  if (asked === 'busy') {
    throw new Fault('blocked', 'The first request with this Idempotency-Key is still in progress.', {
      code: 'idempotency-key-busy',
      advice: 'Send the request again in a moment.',
    })
  }
  if (asked !== 'first') return { status: asked.status, given: asked.reply, replayed: true }
  const given = await work().catch(async (error: unknown) => {
    await forgetAsked(pool, key)
    throw error
  })
  // The work is done. If its answer cannot be saved, the key stays busy, so a retry cannot do the work twice.
  await keepAnswer(pool, key, { status, reply: given }).catch((error: unknown) =>
    log.warn('an answer could not be saved for its Idempotency-Key', {
      message: error instanceof Error ? error.message : String(error),
    }),
  )
  return { status, given, replayed: false }
}
