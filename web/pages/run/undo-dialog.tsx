import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { z } from 'zod'
import { planUndo, undoRun, type undoPlan } from '../../../src/api/runs/contract.ts'
import { operationWord } from '../../../src/model/words/plan-lines.ts'
import { notUndone, undoSentence, undoSkips, undoWrites, writesAgain } from '../../../src/model/words/undo-words.ts'
import { useAction } from '../../lib/use-api.ts'
import { BeforeAfter } from '../../ui/before-after.tsx'
import { DataTable, type Column } from '../../ui/table/data-table.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Loading } from '../../ui/loading.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'

type UndoPlan = z.output<typeof undoPlan>

interface UndoDialogProps {
  readonly run: RunSummary
  readonly opened: boolean
  readonly onClose: () => void
}

/** Undoes a Run: shows the plan of the undo first, then the button. */
export function UndoDialog({ run, opened, onClose }: UndoDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Undo Run ${run.run}`}
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <Undo run={run} onClose={onClose} />}
    </Modal>
  )
}

function Undo({ run: { run }, onClose }: Omit<UndoDialogProps, 'opened'>) {
  const navigate = useNavigate()
  const plan = useAction(planUndo, { quiet: true })
  const { mutate } = plan
  useEffect(() => mutate({ params: { run } }), [mutate, run])
  const undo = useAction(undoRun, {
    quiet: true,
    done: (answer) =>
      answer.run === null ? `The undo of Run ${run} has been queued.` : `Run ${answer.run} undoes Run ${run}.`,
    onDone: (answer) => {
      onClose()
      if (answer.run !== null) void navigate({ to: '/runs/$run', params: { run: String(answer.run) } })
    },
  })
  if (plan.isError) return <ErrorPanel error={plan.error} onRetry={() => mutate({ params: { run } })} />
  if (plan.data === undefined)
    return (
      <Stack>
        <Text size="sm" c="dimmed" role="status">
          Tailrace reads every record that the Run changed, to see what can be undone. Nothing is sent. For a large Run
          this takes minutes.
        </Text>
        <Loading rows={4} label="Making the plan of the undo" />
      </Stack>
    )
  const writes = undoWrites(plan.data.figures)
  return (
    <Stack>
      <UndoPlanView plan={plan.data} writes={writes} />
      {writes > 0 && (
        <Text size="sm" c="dimmed">
          {notUndone(plan.data.nouns)} {writesAgain}
        </Text>
      )}
      {undo.isError && <ErrorPanel error={undo.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          disabled={writes === 0}
          loading={undo.isPending}
          onClick={() => undo.mutate({ params: { run } })}
        >
          Undo Run {run}
        </Button>
      </Group>
    </Stack>
  )
}

function UndoPlanView({
  plan: { figures, laterRun, notices, nouns, sample, undoes },
  writes,
}: {
  readonly plan: UndoPlan
  readonly writes: number
}) {
  return (
    <>
      <Text>
        {undoSentence(undoes, figures, nouns)} {writes > 0 && 'Nothing is sent until you confirm.'}
      </Text>
      {undoSkips(figures, nouns, laterRun).map(({ key, words }) => (
        <Text key={key} size="sm">
          {words}
        </Text>
      ))}
      {notices.map(({ words }) => (
        <Text key={words} size="sm">
          {words}
        </Text>
      ))}
      {sample.length > 0 && (
        <DataTable
          caption={`The first writes of the undo of Run ${undoes}`}
          isCaptionShown
          columns={columns}
          items={sample}
          keyOf={({ record, operation, group }) => `${record} ${operation} ${group}`}
        />
      )}
    </>
  )
}

const columns: readonly Column<UndoPlan['sample'][number]>[] = [
  { header: 'Record', cell: ({ record }) => record },
  { header: 'What', cell: ({ operation, group = '' }) => `${operationWord(operation)} ${group}`.trim() },
  {
    header: 'Values',
    isWide: true,
    cell: ({ fields, before, code }) => (
      <div>
        {code !== undefined && <Text size="sm">{code}</Text>}
        {fields !== undefined && <BeforeAfter before={before ?? null} after={fields} />}
      </div>
    ),
  },
]
