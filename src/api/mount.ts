import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z, ZodType } from 'zod'
import { Fault } from '../model/fault.ts'
import type { Endpoint } from './endpoint.ts'
import { answerOnce } from './answer-once.ts'
import type { Services } from './services.ts'

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
