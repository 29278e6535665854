import { useQuery } from '@tanstack/react-query'
import { makePlan } from '../../../src/api/plans/contract.ts'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import { toSend, type Config } from '../../lib/activation-config.ts'
import { call } from '../../lib/call.ts'
import { lasting } from '../../lib/read-again.ts'
import { keyOf } from '../../lib/use-api.ts'

export type Plan = ReplyOf<typeof makePlan>

/** The plan of a draft. Cached by its content, because it reads Warehouse and Target; `refetch` makes a new plan. */
export function usePlan(name: string, config: Config, enabled: boolean) {
  const body = { name: name.trim() === '' ? 'new activation' : name.trim(), config: toSend(config), sample: 20 }
  return useQuery({
    queryKey: keyOf({ name: 'plan of a draft' }, body),
    queryFn: ({ signal }) => call(makePlan, { body }, { signal }),
    enabled,
    meta: lasting,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}
