import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { z } from 'zod'
import { planUndo, undoRun, type undoPlan } from '../../../src/api/runs/contract.ts'
import { plural, count } from '../../lib/format.ts'
import { useAction } from '../../lib/use-api.ts'
import { BeforeAfter } from '../../ui/before-after.tsx'
import { DataTable, type Column } from '../../ui/table/data-table.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Loading } from '../../ui/loading.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import { Notice } from '../../ui/notice.tsx'

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

function Undo({ run: { run, activation }, onClose }: Omit<UndoDialogProps, 'opened'>) {
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
  if (plan.data === undefined) return <Loading rows={4} label="Reading the Target to see what can be undone" />
  const writes = undoWrites(plan.data.figures)
  return (
    <Stack>
      <UndoPlanView plan={plan.data} writes={writes} />
      <Text size="sm" c="dimmed">
        Workflows and messages that a change triggered are not undone. The next Run of {activation} writes the same
        again if its query still selects these records: change the query first, or pause the Activation.
      </Text>
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
  plan: { figures, laterRun, notices, sample, undoes },
  writes,
}: {
  readonly plan: UndoPlan
  readonly writes: number
}) {
  return (
    <>
      <Text>
        {writes === 0
          ? `Nothing of Run ${undoes} is left to undo.`
          : `${plural(writes, 'write')} would undo Run ${undoes}. Nothing is sent until you confirm.`}
      </Text>
      <KeyValue pairs={undoFigures(figures).map(({ label, value }) => ({ key: label, value }))} />
      {laterRun !== null && (
        <Notice tone="quiet" title="A later Run changed some of the same records">
          To undo these changes too, undo Run {laterRun} first.
        </Notice>
      )}
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
  { header: 'What', cell: ({ operation, group = '' }) => `${operation} ${group}`.trim() },
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

/** The figures of an undo plan, by importance. The first five are writes. */
const words: readonly (readonly [key: string, label: string])[] = [
  ['removes', 'To remove'],
  ['adds', 'To add again'],
  ['updates', 'Values to restore'],
  ['discards', 'Created records to remove'],
  ['restores', 'To unarchive'],
  ['nothingToDo', 'Already as before, or gone'],
  ['external', 'Skipped: changed by a person since'],
  ['elsewhere', 'Skipped: still needed by another record or Activation'],
  ['later', 'Skipped: changed by a later Run since'],
  ['stateUnknown', 'Skipped: the previous state or the creator is unknown'],
  ['cannotRestore', 'Deleted permanently: cannot be restored'],
]
const writing = new Set(words.slice(0, 5).map(([key]) => key))

function undoWrites(figures: Readonly<Record<string, number>>): number {
  return Object.entries(figures).reduce((sum, [key, n]) => (writing.has(key) ? sum + n : sum), 0)
}

/** The figures that are not zero. */
function undoFigures(
  figures: Readonly<Record<string, number>>,
): readonly { readonly label: string; readonly value: string }[] {
  return words.flatMap(([key, label]) => ((figures[key] ?? 0) > 0 ? [{ label, value: count(figures[key] ?? 0) }] : []))
}
