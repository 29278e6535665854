import { Progress, Stack, Text } from '@mantine/core'
import { count, duration } from '../../lib/format.ts'
import { useNow, When } from '../../ui/when.tsx'
import type { Connection } from './connection.ts'

/** Use of each of the account's rate limits by all programs that share it, in the current or last known period. */
export function LimitsUse({ limits }: { readonly limits: Connection['limits'] }) {
  if (limits.length === 0)
    return (
      <Text size="sm" c="dimmed">
        unknown before the first Run
      </Text>
    )
  return (
    <Stack gap="xs" style={{ minWidth: 120, maxWidth: 260 }}>
      {limits.map((use) => (
        <LimitUse key={use.name} use={use} />
      ))}
    </Stack>
  )
}

function LimitUse({ use: { name, limit, used, perMs, endsAt } }: { readonly use: Connection['limits'][number] }) {
  const now = useNow()
  return (
    <div>
      <Progress
        value={limit === 0 ? 0 : Math.min(100, (used / limit) * 100)}
        size="sm"
        aria-label={`Rate limit used: ${name}`}
        color={used >= limit ? 'yellow' : 'brand'}
      />
      <Text size="xs" mt={3}>
        {name}: {count(used)} of {count(limit)} calls in {duration(perMs)}
      </Text>
      <Text size="xs" c="dimmed">
        {endsAt === null ? (
          `in the last ${duration(perMs)}`
        ) : Date.parse(endsAt) < now.getTime() ? (
          <>
            as reported <When at={endsAt} />
          </>
        ) : (
          <>
            returns <When at={endsAt} />
          </>
        )}
      </Text>
    </div>
  )
}
