import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { z, ZodType } from 'zod'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { readAgain } from './read-again.ts'
import { call, newIdempotencyKey, type CallOptions, type Request } from './call.ts'
import { notifyDone, notifyTrouble } from './notify.tsx'

export interface ReadOptions {
  /** False: not asked yet, such as while nothing is chosen. */
  readonly enabled?: boolean
  /** Asked again every so many milliseconds while the page is looked at. */
  readonly everyMs?: number | false
}

/** The name under which an answer is kept: the operation's, then what it was asked with. */
export function keyOf(of: { readonly name: string }, request: object): readonly unknown[] {
  return [of.name, request]
}

/** Reads something; what was read before is shown while it is read again. */
export function useApi<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  of: Endpoint<Params, Query, Body, Reply>, request: Request<Params, Query, Body>, { enabled = true, everyMs = false }: ReadOptions = {},
) {
  return useQuery(queryOptions({
    queryKey: keyOf(of, request), queryFn: ({ signal }) => call(of, request, { signal }), enabled, refetchInterval: everyMs, placeholderData: keepPreviousData,
  }))
}

interface PageReply {
  readonly items: readonly unknown[]
  readonly next: string | null
}

/** Reads a list page by page; the request is without cursor. */
export function usePages<Params extends ZodType, Query extends ZodType, Reply extends ZodType<PageReply>>(
  of: Endpoint<Params, Query, ZodType, Reply>, request: Request<Params, Query, ZodType>, { enabled = true, everyMs = false }: ReadOptions = {},
) {
  return useInfiniteQuery(infiniteQueryOptions({
    queryKey: [...keyOf(of, request), 'pages'],
    queryFn: async ({ signal, pageParam }): Promise<z.output<Reply>> => {
      const query = { ...(request as { query?: object }).query, ...(pageParam === null ? {} : { cursor: pageParam }) }
      return await call(of, { ...request, query } as Request<Params, Query, ZodType>, { signal })
    },
    initialPageParam: null as string | null, getNextPageParam: ({ next }) => next, enabled, refetchInterval: everyMs, placeholderData: keepPreviousData,
  }))
}

export interface ActionOptions<Answer, Input> {
  /** Said in a toast when it is done; nothing is said where it answers null. */
  readonly done?: (answer: Answer, input: Input) => string | null
  /** True: the page shows the trouble itself, beside what caused it, and no toast does. */
  readonly quiet?: boolean
  readonly onDone?: (answer: Answer, input: Input) => void
}

/**
 * Does something: `act.mutate({ params, body, ifMatch })`. Everything on the page is read again afterwards. What creates keeps its
 * Idempotency-Key until it succeeds, so that pressing again after a lost answer makes nothing twice.
 */
export function useAction<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  of: Endpoint<Params, Query, Body, Reply>, { done, quiet = false, onDone }: ActionOptions<z.output<Reply>, Request<Params, Query, Body> & CallOptions> = {},
) {
  const client = useQueryClient()
  const attempt = useRef<{ readonly asked: string; readonly idempotencyKey: string } | null>(null)
  return useMutation<z.output<Reply>, Error, Request<Params, Query, Body> & CallOptions>({
    mutationFn: async (input) => {
      const { signal, ifMatch, ...request } = input
      const asked = JSON.stringify(request)
      if (attempt.current?.asked !== asked) attempt.current = { asked, idempotencyKey: newIdempotencyKey() }
      return await call(of, request as unknown as Request<Params, Query, Body>, {
        idempotencyKey: attempt.current.idempotencyKey, ...(signal === undefined ? {} : { signal }), ...(ifMatch === undefined ? {} : { ifMatch }),
      })
    },
    onSuccess: (answer, input) => {
      attempt.current = null
      const words = done?.(answer, input) ?? null
      if (words !== null) notifyDone(words)
      onDone?.(answer, input)
      readAgain(client)
    },
    onError: (error) => { if (!quiet) notifyTrouble(error) },
  })
}
