import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { previewQuery } from '../../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../../src/api/endpoint.ts'
import { call } from '../../../lib/call.ts'
import { lasting } from '../../../lib/read-again.ts'

type Preview = ReplyOf<typeof previewQuery>
export type Column = Preview['columns'][number]

/** Maximum number of preview rows. */
export const previewRows = 100

const keyOf = (warehouse: string, query: string): readonly string[] => ['columns', warehouse, query]

/** Validates a query on demand, optionally with its first rows. The result is dropped when the text changes. */
export function useQueryCheck(warehouse: string, query: string) {
  const client = useQueryClient()
  const check = useMutation({
    mutationFn: ({ rows }: { readonly rows: number }) =>
      call(previewQuery, { params: { name: warehouse }, body: { query, rows } }),
    onMutate: () => ({ query }),
    onSuccess: (reply) => {
      client.setQueryData<Preview>(keyOf(warehouse, query), reply)
    },
  })
  const isCurrent = check.context?.query === query
  return {
    check: (rows: number) => check.mutateAsync({ rows }),
    isPending: check.isPending,
    rowsAsked: check.variables?.rows ?? 0,
    result: isCurrent ? check.data : undefined,
    error: isCurrent ? check.error : null,
  }
}

/** The columns of a valid query, without reading rows. */
export function useColumns(warehouse: string, query: string) {
  return useQuery({
    queryKey: keyOf(warehouse, query),
    queryFn: ({ signal }) => call(previewQuery, { params: { name: warehouse }, body: { query, rows: 0 } }, { signal }),
    enabled: warehouse !== '' && query.trim() !== '',
    staleTime: 300_000,
    meta: lasting,
  })
}
