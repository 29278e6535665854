import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useId, useState } from 'react'
import { PlanView } from '../plan-view.tsx'
import { ChangedMeanwhile } from '../../../ui/form/changed-meanwhile.tsx'
import { ErrorPanel } from '../../../ui/error-panel.tsx'
import { ErrorSummary } from '../../../ui/form/error-summary.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { Notice } from '../../../ui/notice.tsx'
import type { useActivationEdit } from './use-activation-edit.ts'

interface EditFootProps {
  readonly edit: ReturnType<typeof useActivationEdit>
  readonly onClose: () => void
  /** True if saving is not possible, such as with an invalid query. */
  readonly isBlocked?: boolean
}

/** The effect of the edit, its errors and buttons. Saving requires that the user saw the effect or skips it. */
export function EditFoot({
  edit: { editing, plan, isAsked, effect, isSaving, error, errors, seeEffect, save },
  onClose,
  isBlocked = false,
}: EditFootProps) {
  const [runs, setRuns] = useState(false)
  const whyNot = useId()
  const cannotSave = !editing.isDirty || isBlocked || editing.latest !== null
  const isUntold = error !== null && errors.length === 0
  const isWaiting = !cannotSave && effect === 'unseen'
  return (
    <Stack gap="md">
      {isAsked && plan.isPending && (
        <>
          <Text size="sm" c="dimmed">
            Tailrace reads the query and the current state of the Target. Nothing is sent.
          </Text>
          <Loading rows={2} height={56} label="Making the plan" />
        </>
      )}
      {isAsked && plan.data !== undefined && (
        <section aria-label="The effect">
          <PlanView plan={plan.data} onAgain={() => void plan.refetch()} isBusy={plan.isFetching} />
        </section>
      )}
      {isAsked && plan.isError && errors.length === 0 && (
        <ErrorPanel error={plan.error} onRetry={() => void plan.refetch()} />
      )}
      {!cannotSave && effect === 'unknown' && (
        <Notice tone="warn" title="The effect cannot be shown now">
          <Text size="sm">
            It is unknown how many records the change would write or remove. The guardrails still block a Run that
            violates them.
          </Text>
          <Button mt="xs" size="xs" variant="default" onClick={() => save(runs)} loading={isSaving}>
            Save without seeing the effect
          </Button>
        </Notice>
      )}
      {isUntold && <ErrorPanel error={error} />}
      <ErrorSummary errors={errors} />
      <ChangedMeanwhile editing={editing} />
      <Group justify="space-between" gap="sm">
        <Checkbox
          label="Run it right after saving"
          checked={runs}
          onChange={(event) => setRuns(event.currentTarget.checked)}
        />
        <Group gap="xs" justify="flex-end">
          {isWaiting && (
            <Text id={whyNot} size="sm" c="dimmed">
              See the effect first, then save.
            </Text>
          )}
          {effect === 'none' && (
            <Text size="sm" c="dimmed">
              This changes only when the Activation runs, not what it writes.
            </Text>
          )}
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              editing.reset()
              onClose()
            }}
          >
            {editing.isDirty ? 'Discard my changes' : 'Cancel'}
          </Button>
          <Button
            variant={effect === 'unseen' ? 'filled' : 'default'}
            onClick={seeEffect}
            disabled={isBlocked}
            loading={isAsked && plan.isFetching}
          >
            SEE THE EFFECT
          </Button>
          <Button
            variant={effect === 'unseen' ? 'default' : 'filled'}
            onClick={() => save(runs)}
            disabled={cannotSave || effect === 'unseen' || effect === 'unknown'}
            aria-describedby={isWaiting ? whyNot : undefined}
            loading={isSaving}
          >
            SAVE
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
