import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import type { z } from 'zod'
import type { activationSummary } from '../../../src/api/activations/contract.ts'
import { shortCount, count } from '../../lib/format.ts'
import { activationLooks, runLooks } from '../../lib/status-words.ts'
import { ActivationMenu, useStartRun } from '../../features/activation/activation-menu.tsx'
import type { Column } from '../../ui/table/data-table.tsx'
import { HistoryBars } from '../../features/run/history-bars.tsx'
import { PlayIcon } from '../../ui/icons.tsx'
import { Link } from '../../ui/link.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { When } from '../../ui/when.tsx'

type Summary = z.output<typeof activationSummary>

export const activationColumns: readonly Column<Summary>[] = [
  {
    header: 'Activation',
    width: '30%',
    cell: ({ name, warehouse, target, behaviorLabel, object, problem }) => (
      <div style={{ minWidth: 190 }}>
        <Link to="/activations/$activation/{-$tab}" params={{ activation: name }} fw={600}>
          {name}
        </Link>
        <Text size="xs" c="dimmed">
          {warehouse} → {target} · {behaviorLabel} · {object}
        </Text>
        {problem !== null && (
          <Text size="xs" c="var(--tone-bad-text)">
            {problem.message}
          </Text>
        )}
      </div>
    ),
  },
  { header: 'State', cell: ({ state }) => <StatusBadge look={activationLooks[state]} /> },
  {
    header: 'Last Run',
    cell: ({ lastRun }) =>
      lastRun === null ? (
        <Text size="sm" c="dimmed">
          none yet
        </Text>
      ) : (
        <LastRun run={lastRun} />
      ),
  },
  {
    header: 'Next Run',
    cell: ({ nextRunAt, paused, schedule }) => (
      <Text size="sm" component="span" style={{ whiteSpace: 'nowrap' }} c={nextRunAt === null ? 'dimmed' : undefined}>
        <When at={paused ? null : nextRunAt} none={paused ? 'paused' : schedule === null ? 'manual' : '–'} />
      </Text>
    ),
  },
  {
    header: 'On hold',
    align: 'end',
    cell: ({ name, standing }) => <Failed n={standing.onHold} name={name} what="on hold" />,
  },
  {
    header: 'Not loaded',
    align: 'end',
    cell: ({ name, standing }) => <Failed n={standing.notLoaded} name={name} what="not loaded" />,
  },
  { header: 'Last 20 Runs', cell: ({ history }) => <HistoryBars runs={history} /> },
  {
    header: 'Actions',
    isHeaderHidden: true,
    align: 'end',
    width: 92,
    cell: (activation) => <RowActions activation={activation} />,
  },
]

function LastRun({ run: { run, status, startedAt } }: { readonly run: NonNullable<Summary['lastRun']> }) {
  return (
    <div style={{ minWidth: 100 }}>
      <Link to="/runs/$run" params={{ run: String(run) }} size="sm">
        {runLooks[status].word}
      </Link>
      <Text size="xs" c="dimmed">
        <When at={startedAt} />
      </Text>
    </div>
  )
}

function Failed({ n, name, what }: { readonly n: number; readonly name: string; readonly what: string }) {
  if (n === 0)
    return (
      <Text size="sm" c="dimmed" component="span">
        0
      </Text>
    )
  return (
    <Link
      to="/activations/$activation/{-$tab}"
      params={{ activation: name, tab: 'failed-records' }}
      title={`${count(n)} ${what}`}
      aria-label={`${count(n)} ${what}: show them`}
      fw={600}
      size="sm"
    >
      {shortCount(n)}
    </Link>
  )
}

function RowActions({ activation }: { readonly activation: Summary }) {
  const start = useStartRun()
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <Tooltip label="Run now">
        <ActionIcon
          variant="subtle"
          size="lg"
          aria-label={`Run ${activation.name} now`}
          disabled={activation.problem !== null}
          loading={start.isPending}
          onClick={() => start.mutate({ params: { activation: activation.name }, body: {} })}
        >
          <PlayIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <ActivationMenu activation={activation} />
    </Group>
  )
}
