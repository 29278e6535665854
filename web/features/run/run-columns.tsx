import { Text } from '@mantine/core'
import type { z } from 'zod'
import type { runSummary } from '../../../src/api/runs/contract.ts'
import { count, duration, plural } from '../../lib/format.ts'
import { runLooks } from '../../lib/status-words.ts'
import type { Column } from '../../ui/table/data-table.tsx'
import { noticeHere, ruleWord } from '../../lib/guard-words.ts'
import { Link } from '../../ui/link.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { When } from '../../ui/when.tsx'

export type RunSummary = z.output<typeof runSummary>

export const runColumn: Column<RunSummary> = {
  header: 'Run',
  cell: ({ run, purpose, undoes, undoneBy }) => (
    <div>
      <Link to="/runs/$run" params={{ run: String(run) }} fw={600} size="sm" style={{ whiteSpace: 'nowrap' }}>
        Run {run}
      </Link>
      {purpose === 'undo' && (
        <Text size="xs" c="dimmed">
          undoes Run {undoes}
        </Text>
      )}
      {undoneBy !== null && (
        <Text size="xs" c="dimmed">
          undone by Run {undoneBy}
        </Text>
      )}
    </div>
  ),
}

export const ofActivationColumn: Column<RunSummary> = {
  header: 'Activation',
  isWide: true,
  cell: ({ activation }) => (
    <Link
      to="/activations/$activation/{-$tab}"
      params={{ activation }}
      size="sm"
      title={activation}
      display="block"
      maw={190}
      truncate
    >
      {activation}
    </Link>
  ),
}

export const runColumns: readonly Column<RunSummary>[] = [
  { header: 'Status', isWide: true, cell: ({ status }) => <StatusBadge look={runLooks[status]} /> },
  {
    header: 'Started',
    cell: ({ startedAt }) => (
      <Text size="sm" component="span">
        <When at={startedAt} />
      </Text>
    ),
  },
  {
    header: 'Duration',
    align: 'end',
    cell: ({ durationMs, finishedAt }) => (
      <Text size="sm" component="span" style={{ whiteSpace: 'nowrap' }}>
        {finishedAt === null ? '…' : duration(durationMs)}
      </Text>
    ),
  },
  { header: 'Rows read', align: 'end', cell: ({ counts }) => count(counts.read) },
  {
    header: 'Delivered',
    align: 'end',
    // Outcomes are counted when a Run ends.
    cell: ({ counts, finishedAt }) => (finishedAt === null ? '…' : count(counts.delivered)),
  },
  {
    header: 'Failed',
    align: 'end',
    cell: ({ counts, finishedAt }) =>
      finishedAt === null ? (
        '…'
      ) : (
        <FailedFigure failed={counts.rejected + counts.onHold + counts.unconfirmed} invalid={counts.invalid} />
      ),
  },
]

/** The Run's Fault, notices and overridden guardrails, folded. */
export const logColumn: Column<RunSummary> = {
  header: 'Log',
  width: '14%',
  isWide: true,
  cell: ({ fault, notices, allowed }) => {
    const lines = [
      ...(fault === null ? [] : [fault.message]),
      ...notices.map(noticeHere),
      ...(allowed.length > 0 ? [`Guardrails overridden: ${allowed.map(ruleWord).join('; ')}.`] : []),
    ]
    if (lines.length === 0) return null
    return (
      <details style={{ fontSize: '0.8125rem', textAlign: 'left' }} open={fault !== null && fault.kind !== 'cancelled'}>
        <summary style={{ cursor: 'pointer' }}>
          {fault === null
            ? plural(lines.length, 'notice')
            : fault.kind === 'blocked'
              ? 'blocked by a guardrail'
              : fault.kind === 'stopped'
                ? 'stopped by a guardrail'
                : 'why it failed'}
        </summary>
        <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    )
  },
}

function FailedFigure({ failed, invalid }: { readonly failed: number; readonly invalid: number }) {
  return (
    <span>
      <Text
        component="span"
        size="sm"
        c={failed > 0 ? 'var(--tone-bad-text)' : undefined}
        fw={failed > 0 ? 600 : undefined}
      >
        {count(failed)}
      </Text>
      {invalid > 0 && (
        <Text size="xs" c="dimmed">
          {plural(invalid, 'invalid row')}
        </Text>
      )}
    </span>
  )
}
