import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { PlanView } from '../../ui/activation/plan-view.tsx'
import { ChangedMeanwhile } from '../../ui/changed-meanwhile.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Loading } from '../../ui/loading.tsx'
import type { useActivationEdit } from './use-activation-edit.ts'

interface EditFootProps {
  readonly edit: ReturnType<typeof useActivationEdit>
  readonly onClose: () => void
  /** Something stands in the way of saving, such as a query that is not valid. */
  readonly isBlocked?: boolean
}

/** What the edit would do, what is wrong with it, and its buttons. */
export function EditFoot({ edit: { editing, plan, isAsked, isSaving, error, errors, seeEffect, save }, onClose, isBlocked = false }: EditFootProps) {
  const [runs, setRuns] = useState(false)
  const isBehind = editing.theirs !== null
  const isUntold = error !== null && errors.length === 0
  return (
    <Stack gap="md">
      {isAsked && plan.isPending && <><Text size="sm" c="dimmed">The query is read, and the Target is asked what it holds. Nothing is sent.</Text><Loading rows={2} height={56} label="Making the plan" /></>}
      {isAsked && plan.data !== undefined && <section aria-label="The effect"><PlanView plan={plan.data} onAgain={() => void plan.refetch()} isBusy={plan.isFetching} /></section>}
      {isAsked && plan.isError && errors.length === 0 && <ErrorPanel error={plan.error} onRetry={() => void plan.refetch()} />}
      {isUntold && <ErrorPanel error={error} />}
      <ErrorSummary errors={errors} />
      <ChangedMeanwhile editing={editing} />
      <Group justify="space-between" gap="sm">
        <Checkbox label="Run it right after saving" checked={runs} onChange={(event) => setRuns(event.currentTarget.checked)} />
        <Group gap="xs">
          <Button variant="subtle" color="gray" onClick={() => { editing.reset(); onClose() }}>{editing.isDirty ? 'Drop my changes' : 'Cancel'}</Button>
          <Button variant={isAsked ? 'default' : 'filled'} onClick={seeEffect} disabled={isBlocked} loading={isAsked && plan.isFetching}>SEE THE EFFECT</Button>
          <Button variant={isAsked ? 'filled' : 'default'} onClick={() => save(runs)} disabled={!editing.isDirty || isBlocked || isBehind} loading={isSaving}>SAVE</Button>
        </Group>
      </Group>
    </Stack>
  )
}
