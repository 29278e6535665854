import { Button, Stack, Switch, Text, Title } from '@mantine/core'
import { problemOf } from '../../lib/api-error.ts'
import { textIn } from '../../lib/activation-config.ts'
import { scheduleIn, scheduleWords } from '../../features/activation/schedule-times.ts'
import type { usePlan } from '../../features/activation/use-plan.ts'
import { PlanView } from '../../features/activation/plan-view.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Loading } from '../../ui/loading.tsx'
import type { Draft } from './kept-draft.ts'

interface PlanStepProps {
  readonly draft: Draft
  readonly plan: ReturnType<typeof usePlan>
  readonly runsAtOnce: boolean
  readonly onRunsAtOnce: (runs: boolean) => void
  readonly onCorrect: () => void
}

/** The plan of the draft, before the Activation is created. */
export function PlanStep({ draft: { name, config }, plan, runsAtOnce, onRunsAtOnce, onCorrect }: PlanStepProps) {
  return (
    <Stack gap="lg">
      <Title order={2} size="h4">
        The plan
      </Title>
      <KeyValue
        pairs={[
          { key: 'Activation', value: <strong>{name}</strong> },
          {
            key: 'From, to',
            value: `${textIn(config, 'warehouse')} → ${textIn(config, 'target')} · ${textIn(config, 'object')} · ${textIn(config, 'behavior')}`,
          },
          { key: 'Schedule', value: scheduleWords(scheduleIn(config)) },
        ]}
      />
      {plan.data !== undefined && (
        <PlanView plan={plan.data} onAgain={() => void plan.refetch()} isBusy={plan.isFetching} />
      )}
      {plan.isPending && (
        <>
          <Text size="sm" c="dimmed">
            Tailrace reads the query and the current state of the Target. Nothing is sent.
          </Text>
          <Loading rows={3} height={64} label="Making the plan" />
        </>
      )}
      {plan.isError && (
        <Stack gap="xs">
          <ErrorPanel error={plan.error} onRetry={() => void plan.refetch()} />
          {problemOf(plan.error).errors.length > 0 && (
            <div>
              <Button variant="default" onClick={onCorrect}>
                Correct the errors in Field Mapping
              </Button>
            </div>
          )}
        </Stack>
      )}
      <Switch
        label="Start the first Run immediately"
        description="Otherwise the Activation waits for its schedule or a manual start."
        checked={runsAtOnce}
        onChange={(event) => onRunsAtOnce(event.currentTarget.checked)}
      />
    </Stack>
  )
}
