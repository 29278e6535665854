import { Progress, Text } from '@mantine/core'
import { count, duration } from '../../lib/format.ts'
import { useNow, When } from '../../ui/when.tsx'
import type { Connection } from './connection.ts'

/** Use of the account's rate limit by all programs that share it, in the current or last known window. */
export function RateUse({ rate }: { readonly rate: Connection['rate'] }) {
  const now = useNow()
  if (rate === null)
    return (
      <Text size="sm" c="dimmed">
        unknown before the first Run
      </Text>
    )
  const { limit, used, windowMs, endsAt } = rate
  const isOver = Date.parse(endsAt) < now.getTime()
  return (
    <div style={{ minWidth: 120, maxWidth: 260 }}>
      <Progress
        value={limit === 0 ? 0 : Math.min(100, (used / limit) * 100)}
        size="sm"
        aria-label="Rate limit used"
        color={used >= limit ? 'yellow' : 'brand'}
      />
      <Text size="xs" mt={3}>
        {count(used)} of {count(limit)} calls in {duration(windowMs)}
      </Text>
      <Text size="xs" c="dimmed">
        {isOver ? (
          <>
            as reported <When at={endsAt} />
          </>
        ) : (
          'in the current window'
        )}
      </Text>
    </div>
  )
}
