import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type { z, ZodType } from 'zod'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { readAgain } from './read-again.ts'
import { call, newIdempotencyKey, type CallOptions, type Request } from './call.ts'
import { notifyDone, notifyTrouble } from './notify.tsx'

export interface ReadOptions {
  /** False: not requested yet, such as before a choice. */
  readonly enabled?: boolean
  /** Polling interval while the page is visible. */
  readonly everyMs?: number | false
}

/** The cache key of a request: the operation's name, then the request. */
export function keyOf(of: { readonly name: string }, request: object): readonly unknown[] {
  return [of.name, request]
}

/** Reads data. Shows the previous data while it reloads. */
export function useApi<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  of: Endpoint<Params, Query, Body, Reply>,
  request: Request<Params, Query, Body>,
  { enabled = true, everyMs = false }: ReadOptions = {},
) {
  return useQuery(
    queryOptions({
      queryKey: keyOf(of, request),
      queryFn: ({ signal }) => call(of, request, { signal }),
      enabled,
      refetchInterval: everyMs,
      placeholderData: keepPreviousData,
    }),
  )
}

interface PageReply {
  readonly items: readonly unknown[]
  readonly next: string | null
}

/** Reads a list page by page; omit the cursor from the request. */
export function usePages<Params extends ZodType, Query extends ZodType, Reply extends ZodType<PageReply>>(
  of: Endpoint<Params, Query, ZodType, Reply>,
  request: Request<Params, Query, ZodType>,
  { enabled = true, everyMs = false }: ReadOptions = {},
) {
  return useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: [...keyOf(of, request), 'pages'],
      queryFn: async ({ signal, pageParam }): Promise<z.output<Reply>> => {
        const query = { ...(request as { query?: object }).query, ...(pageParam === null ? {} : { cursor: pageParam }) }
        return await call(of, { ...request, query } as Request<Params, Query, ZodType>, { signal })
      },
      initialPageParam: null as string | null,
      getNextPageParam: ({ next }) => next,
      enabled,
      refetchInterval: everyMs,
      placeholderData: keepPreviousData,
    }),
  )
}

export interface ActionOptions<Answer, Input> {
  /** Text of the success toast; null: no toast. */
  readonly done?: (answer: Answer, input: Input) => string | null
  /** True: the page shows the error beside its cause, so there is no error toast. */
  readonly quiet?: boolean
  readonly onDone?: (answer: Answer, input: Input) => void
}

/**
 * A mutation: `act.mutate({ params, body, ifMatch })`. Reloads all data of the page afterwards. A request keeps its
 * Idempotency-Key until it succeeds, so a second click after a lost answer creates nothing twice.
 */
export function useAction<Params extends ZodType, Query extends ZodType, Body extends ZodType, Reply extends ZodType>(
  of: Endpoint<Params, Query, Body, Reply>,
  { done, quiet = false, onDone }: ActionOptions<z.output<Reply>, Request<Params, Query, Body> & CallOptions> = {},
) {
  const client = useQueryClient()
  const attempt = useRef<{ readonly asked: string; readonly idempotencyKey: string } | null>(null)
  const inFlight = useRef(new Set<string>())
  const mutation = useMutation<z.output<Reply>, Error, Request<Params, Query, Body> & CallOptions>({
    mutationFn: async (input) => {
      const { signal, ifMatch, ...request } = input
      const asked = JSON.stringify(request)
      if (attempt.current?.asked !== asked) attempt.current = { asked, idempotencyKey: newIdempotencyKey() }
      return await call(of, request as unknown as Request<Params, Query, Body>, {
        idempotencyKey: attempt.current.idempotencyKey,
        ...(signal === undefined ? {} : { signal }),
        ...(ifMatch === undefined ? {} : { ifMatch }),
      })
    },
    onSuccess: (answer, input) => {
      attempt.current = null
      const words = done?.(answer, input) ?? null
      if (words !== null) notifyDone(words)
      onDone?.(answer, input)
      readAgain(client)
    },
    onError: (error) => {
      if (!quiet) notifyTrouble(error)
    },
    onSettled: (_answer, _error, input) => {
      inFlight.current.delete(askedBy(input))
    },
  })
  const { mutate: start } = mutation
  // A double click is one request: the second press arrives before the button shows that it is busy.
  const mutate = useCallback<typeof start>(
    (...args) => {
      const asked = askedBy(args[0])
      if (inFlight.current.has(asked)) return
      inFlight.current.add(asked)
      start(...args)
    },
    [start],
  )
  return { ...mutation, mutate }
}

function askedBy({ signal: _signal, ...request }: CallOptions = {}): string {
  return JSON.stringify(request)
}
