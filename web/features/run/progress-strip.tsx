import { Group, Paper, Progress, Text } from '@mantine/core'
import { count, duration, plural } from '../../lib/format.ts'
import { runLooks } from '../../lib/status-words.ts'
import type { RunProgress } from '../../lib/use-events.ts'

/** Progress of a Run: share, speed, use of the Target's rate limit, remaining time. */
export function ProgressStrip({ progress }: { readonly progress: RunProgress }) {
  const { planned, answered, read, perSecond, etaMs, rate, failed, status } = progress
  const share = planned === 0 ? null : Math.min(100, (answered / planned) * 100)
  const facts = [
    planned === 0 ? `${plural(read, 'row')} read` : `${count(answered)} of ${plural(planned, 'record')} answered`,
    failed > 0 && `${count(failed)} failed`,
    perSecond !== null && `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} per second`,
    etaMs !== null && `about ${duration(Math.max(1000, etaMs))} left`,
  ].filter((fact) => fact !== false)
  return (
    <Paper withBorder p="md" role="group" aria-label={`Progress of Run ${progress.run}`}>
      <Group justify="space-between" gap="xs" mb={8}>
        <Text fw={600}>{runLooks[status].word}</Text>
        <Text size="sm" c="dimmed">
          {facts.join(' · ')}
        </Text>
      </Group>
      <Progress
        value={share ?? 100}
        size="lg"
        animated={share === null}
        striped={share === null}
        aria-label="Records answered"
      />
      {rate !== null && (
        <Group mt="sm" gap="sm" wrap="nowrap">
          <Text size="xs" c="dimmed">
            Rate limit of the Target ({rate.name}): {count(rate.limit - rate.remaining)} of {count(rate.limit)} used
          </Text>
          <Progress
            value={((rate.limit - rate.remaining) / Math.max(1, rate.limit)) * 100}
            size="xs"
            color="yellow"
            style={{ flex: '1 0 120px' }}
            aria-label="Rate limit used"
            visibleFrom="xs"
          />
        </Group>
      )}
    </Paper>
  )
}
