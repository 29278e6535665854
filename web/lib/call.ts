import type { z, ZodType } from 'zod'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { problem as problemSchema } from '../../src/api/shared.ts'
import { ApiError, problemWith } from './api-error.ts'

/** A part of a request: forbidden if the contract has none, optional if all its keys are optional. */
type Part<Name extends string, Schema extends ZodType> =
  unknown extends z.input<Schema>
    ? { readonly [key in Name]?: undefined }
    : undefined extends z.input<Schema>
      ? { readonly [key in Name]?: z.input<Schema> }
      : Record<never, never> extends z.input<Schema>
        ? { readonly [key in Name]?: z.input<Schema> }
        : { readonly [key in Name]: z.input<Schema> }

export type Request<Params extends ZodType, Query extends ZodType, Body extends ZodType> = Part<'params', Params> &
  Part<'query', Query> &
  Part<'body', Body>

export interface CallOptions {
  readonly signal?: AbortSignal
  /** The quoted ETag that was read. */
  readonly ifMatch?: string
  readonly idempotencyKey?: string
}

/** Any Request, without its exact types. */
interface AnyRequest {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

/** The URL of an Endpoint. Undefined query values are omitted. */
export function addressOf<Params extends ZodType, Query extends ZodType>(
  of: Endpoint<Params, Query>,
  request: Request<Params, Query, ZodType>,
): string {
  return addressAt(of.path, request as AnyRequest)
}

function addressAt(pattern: string, { params, query }: AnyRequest): string {
  const path = pattern.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

/** Calls the API. Throws an ApiError for any answer that is not the expected reply. */
export async function call<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  of: Endpoint<Params, Query, Body, Reply>,
  request: Request<Params, Query, Body>,
  options: CallOptions = {},
): Promise<z.output<Reply>> {
  const { body } = request as AnyRequest
  const headers: Record<string, string> = { accept: of.produces ?? 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch
  if (of.idempotencyKey === true) headers['idempotency-key'] = options.idempotencyKey ?? newIdempotencyKey()
  const response = await reach(addressAt(of.path, request as AnyRequest), {
    method: of.method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (!response.ok) throw new ApiError(await problemIn(response))
  if (of.produces !== undefined) return (await response.text()) as z.output<Reply>
  const reply: unknown = await response.json()
  // In development, check that the server keeps its contract.
  return import.meta.env.DEV ? of.reply.parse(reply) : (reply as z.output<Reply>)
}

/** Not `crypto.randomUUID`, which exists only on HTTPS and localhost; the server may run on neither. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(
      problemWith({
        title: 'The Tailrace server does not answer',
        detail: 'The request did not reach the server: the server may be stopped, or the network may be down.',
        advice: 'Check that `tailrace up` is running, then try again. Your input on this page is not lost.',
      }),
    )
  }
}

async function problemIn(response: Response): Promise<ApiError['problem']> {
  const text = await response.text()
  const parsed = problemSchema.safeParse(parsedJson(text))
  return parsed.success
    ? parsed.data
    : problemWith({
        status: response.status,
        title: `The server answered ${response.status} ${response.statusText}`.trim(),
        detail: 'The answer is not from Tailrace: it may be from a proxy in between.',
        advice: 'Try again. If the error remains, check the log of the server or the proxy.',
      })
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
