import { Progress, Text } from '@mantine/core'
import { count, duration } from '../../lib/format.ts'
import type { Connection } from './connection.ts'

/** How much of the account's rate limit is used in this window, by everybody who shares it. */
export function RateUse({ rate }: { readonly rate: Connection['rate'] }) {
  if (rate === null) return <Text size="sm" c="dimmed">not known yet</Text>
  const { limit, used, windowMs } = rate
  const words = `${count(used)} of ${count(limit)} calls in ${duration(windowMs)}`
  return (
    <div style={{ minWidth: 120, maxWidth: 220 }}>
      <Progress value={limit === 0 ? 0 : Math.min(100, (used / limit) * 100)} size="sm" aria-label="Rate limit used" color={used >= limit ? 'yellow' : 'brand'} />
      <Text size="xs" mt={3}>{words}</Text>
    </div>
  )
}
