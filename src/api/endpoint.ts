import type { z, ZodType } from 'zod'

/**
 * One operation of the API: the server registers its route from it, the UI calls it through it, and the OpenAPI description is printed
 * from it. Paths name their parameters in Fastify's way: `/api/runs/:run`.
 */
export interface Endpoint<Params extends ZodType = ZodType, Query extends ZodType = ZodType, Body extends ZodType = ZodType, Reply extends ZodType = ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** For the OpenAPI description: an operation's name and one sentence. */
  readonly name: string
  readonly summary: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  /** 201 for what creates, 202 for what begins; default 200. */
  readonly status?: 200 | 201 | 202
  /** It creates something: repeated with the same `Idempotency-Key` header it answers the same, once. */
  readonly idempotencyKey?: true
  /** It edits something: `If-Match` with the ETag that was read, else 428; another one by now: 412 with what changed. */
  readonly ifMatch?: true
  /** What it answers is not JSON. */
  readonly produces?: 'text/event-stream' | 'text/csv' | 'application/yaml'
}

/** Keeps the schemas' types. */
export function endpoint<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(of: Endpoint<Params, Query, Body, Reply>): Endpoint<Params, Query, Body, Reply> {
  return of
}

export type ReplyOf<E> = E extends Endpoint<ZodType, ZodType, ZodType, infer Reply> ? z.output<Reply> : never
export type BodyOf<E> = E extends Endpoint<ZodType, ZodType, infer Body, ZodType> ? z.input<Body> : never
