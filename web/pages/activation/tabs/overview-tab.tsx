import { Stack, Text } from '@mantine/core'
import { syncedWords } from '../../../../src/model/words/activation-words.ts'
import { classLooks, underWay } from '../../../lib/status-words.ts'
import { useProgress } from '../../../lib/use-events.ts'
import { TroublePanel } from '../../../ui/error-panel.tsx'
import { Figures } from '../../../ui/figures.tsx'
import { Link } from '../../../ui/link.tsx'
import { ProgressStrip } from '../../../features/run/progress-strip.tsx'
import { When } from '../../../ui/when.tsx'
import { ActivationCharts } from './activation-charts.tsx'
import { activationSentence } from '../activation-sentence.ts'
import type { TabProps } from '../activation-tab.ts'
import { LastRunTrouble } from '../last-run-trouble.tsx'
import { WaitingRuns } from '../waiting-runs.tsx'

export function OverviewTab({ activation }: TabProps) {
  const { lastRun, nextRunAt, paused, problem, schedule, standing } = activation
  const progress = useProgress(lastRun?.run ?? 0)
  return (
    <Stack gap="lg">
      {problem !== null && <TroublePanel trouble={{ title: 'This Activation cannot run', ...problem }} />}
      <WaitingRuns activation={activation} />
      <LastRunTrouble activation={activation} />
      {lastRun !== null && progress !== undefined && underWay.has(lastRun.status) && underWay.has(progress.status) && (
        <ProgressStrip progress={progress} />
      )}
      <Text maw={860}>{activationSentence(activation)}</Text>
      <Figures
        label="Current state"
        items={[
          {
            ...syncedWords(activation),
            value: standing.held,
          },
          { label: 'On hold', value: standing.onHold, tone: 'warn', meaning: classLooks['on-hold'].meaning },
          { label: 'Not loaded', value: standing.notLoaded, tone: 'bad', meaning: classLooks.rejected.meaning },
          { label: 'Unconfirmed', value: standing.unconfirmed, tone: 'warn', meaning: classLooks.unconfirmed.meaning },
          {
            label: 'Last Run',
            value: (
              <Text size="md" fw={600} component="span">
                {lastRun === null ? (
                  'none yet'
                ) : (
                  <Link to="/runs/$run" params={{ run: String(lastRun.run) }} fw={600}>
                    <When at={lastRun.startedAt} />
                  </Link>
                )}
              </Text>
            ),
          },
          {
            label: 'Next Run',
            value: (
              <Text size="md" fw={600} component="span">
                <When
                  at={paused ? null : nextRunAt}
                  none={paused ? 'paused' : schedule === null ? 'manual' : 'not scheduled'}
                />
              </Text>
            ),
          },
        ]}
      />
      <ActivationCharts activation={activation} />
    </Stack>
  )
}
