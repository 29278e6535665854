import type { z, ZodType } from 'zod'

/**
 * One operation of the API. The server registers its route from it, the UI calls it, and the OpenAPI description is
 * generated from it. Path parameters use Fastify's syntax: `/api/runs/:run`.
 */
export interface Endpoint<
  Params extends ZodType = ZodType,
  Query extends ZodType = ZodType,
  Body extends ZodType = ZodType,
  Reply extends ZodType = ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** For the OpenAPI description: operation id and one sentence. */
  readonly name: string
  readonly summary: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  /** 201 for create, 202 for start; default 200. */
  readonly status?: 200 | 201 | 202
  /** It creates something: a repeated request with the same `Idempotency-Key` header gets the first answer. */
  readonly idempotencyKey?: true
  /** It edits something: requires `If-Match` with the ETag that was read (else 428). Outdated: 412 with the changes. */
  readonly ifMatch?: true
  /** The content type of a reply that is not JSON. */
  readonly produces?: 'text/event-stream' | 'text/csv' | 'application/yaml'
}

/** Keeps the types of the schemas. */
export function endpoint<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  of: Endpoint<Params, Query, Body, Reply>,
): Endpoint<Params, Query, Body, Reply> {
  return of
}

export type ReplyOf<E> = E extends Endpoint<ZodType, ZodType, ZodType, infer Reply> ? z.output<Reply> : never
export type BodyOf<E> = E extends Endpoint<ZodType, ZodType, infer Body, ZodType> ? z.input<Body> : never
