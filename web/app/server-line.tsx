import { Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReplyOf } from '../../src/api/endpoint.ts'
import type { readStatus } from '../../src/api/status/contract.ts'
import { plural } from '../lib/format.ts'

/** At the bottom of the left bar: the Tailrace version, and whether the server answers. */
export function ServerLine({ status }: { readonly status: UseQueryResult<ReplyOf<typeof readStatus>, Error> }) {
  if (status.isError)
    return (
      <Text size="xs" c="var(--tone-bad-text)" mb="sm" px={8} role="status">
        The server does not answer
      </Text>
    )
  if (status.data === undefined)
    return (
      <Text size="xs" mb="sm" px={8}>
        &nbsp;
      </Text>
    )
  const { version, worker } = status.data
  return (
    <Text size="xs" c="dimmed" mb="sm" px={8}>
      Tailrace {version} · {worker.running === 0 ? 'idle' : plural(worker.running, 'Run') + ' running'}
    </Text>
  )
}
