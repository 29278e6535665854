import { Alert, Button, Checkbox, Group, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { planActivation } from '../../../src/api/plans/contract.ts'
import { call } from '../../lib/call.ts'
import { plural } from '../../lib/format.ts'
import { lasting } from '../../lib/read-again.ts'
import { keyOf } from '../../lib/use-api.ts'
import { PlanView } from '../../features/activation/plan-view.tsx'
import { useStartRun } from '../../features/activation/activation-menu.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Loading } from '../../ui/loading.tsx'
import classes from './plan-dialog.module.css'

interface PlanDialogProps {
  readonly name: string
  readonly opened: boolean
  readonly onClose: () => void
}

/** Number of Records of a canary. */
const usualCanary = 10

/** Shows what a Run would do now, and starts a Run of exactly this plan. */
export function PlanDialog({ name, opened, onClose }: PlanDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="min(960px, 100%)"
      title={`What a Run of ${name} would do now`}
      styles={{ title: { fontWeight: 650 } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Content name={name} onClose={onClose} />
    </Modal>
  )
}

function Content({ name, onClose }: Omit<PlanDialogProps, 'opened'>) {
  const body = { allow: [], sample: 20, minutes: 60 }
  // Opening the dialog again makes a new plan, because the result may differ.
  const plan = useQuery({
    queryKey: keyOf(planActivation, { name }),
    queryFn: ({ signal }) => call(planActivation, { params: { activation: name }, body }, { signal }),
    meta: lasting,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const start = useStartRun()
  const [canary, setCanary] = useState<number | null>(null)
  const [isOverridden, setIsOverridden] = useState(false)
  if (plan.isPending)
    return (
      <Stack>
        <Text size="sm" c="dimmed">
          Tailrace reads the query and the current state of the Target. Nothing is sent.
        </Text>
        <Loading rows={3} height={64} label="Making the plan" />
      </Stack>
    )
  if (plan.isError) return <ErrorPanel error={plan.error} onRetry={() => void plan.refetch()} />
  const { counts, guardrails, kept } = plan.data
  const isStopped = guardrails.length > 0 && !isOverridden
  const run = (): void =>
    start.mutate(
      {
        params: { activation: name },
        body: {
          allow: isOverridden ? guardrails.map(({ rule }) => rule) : [],
          plan: kept.plan,
          ...(canary !== null && { canary }),
        },
      },
      { onSuccess: onClose },
    )
  return (
    <Stack gap="md">
      <PlanView plan={plan.data} onAgain={() => void plan.refetch()} isBusy={plan.isFetching} />
      {counts.planned > 0 && (
        <>
          <Group gap="sm" align="flex-end">
            <Checkbox
              label="Write a few records first, read them back, and continue only if all are as planned"
              checked={canary !== null}
              mb={canary === null ? 0 : 8}
              onChange={(event) =>
                setCanary(event.currentTarget.checked ? Math.min(usualCanary, counts.planned) : null)
              }
            />
            {canary !== null && (
              <NumberInput
                label="How many"
                size="xs"
                w={110}
                min={1}
                max={counts.planned}
                allowDecimal={false}
                value={canary}
                onChange={(value) => setCanary(typeof value === 'number' && value >= 1 ? value : 1)}
              />
            )}
          </Group>
          <Alert variant="light" color="gray" p="xs">
            <Text size="sm">
              The Run writes these {plural(counts.planned, 'record')} and nothing else. If the query, the Target or the
              settings have changed since, the Run writes nothing and names what changed. The plan is kept for one hour.
            </Text>
          </Alert>
        </>
      )}
      <Group justify="space-between" gap="xs" className={classes['foot']}>
        {counts.planned > 0 && guardrails.length > 0 ? (
          <Checkbox
            label={`Override ${guardrails.length === 1 ? 'the guardrail' : `the ${guardrails.length} guardrails`} for this one Run`}
            checked={isOverridden}
            onChange={(event) => setIsOverridden(event.currentTarget.checked)}
          />
        ) : (
          <span />
        )}
        <Group gap="xs">
          <Button variant="subtle" color="gray" onClick={onClose}>
            Close
          </Button>
          {counts.planned > 0 && (
            <Button onClick={run} loading={start.isPending} disabled={isStopped || plan.isFetching}>
              Run exactly this
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  )
}
