import { Stack, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { readRun } from '../../../src/api/runs/contract.ts'
import { reachOf, runSentence, type RunFacts } from '../../../src/model/words/run-sentence.ts'
import { duration } from '../../lib/format.ts'
import { runLooks, underWay } from '../../lib/status-words.ts'
import { useApi } from '../../lib/use-api.ts'
import { useProgress } from '../../lib/use-events.ts'
import { TroublePanel } from '../../ui/error-panel.tsx'
import { troubleOfFault } from '../../features/run/fault-words.ts'
import { Link } from '../../ui/link.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { ProgressStrip } from '../../features/run/progress-strip.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { When } from '../../ui/when.tsx'
import { RunButtons } from './run-buttons.tsx'
import { RunFigures } from './run-figures.tsx'
import { RunPlan } from './run-plan.tsx'
import { RunRecords } from './run-records.tsx'
import { RunReasons } from './run-reasons.tsx'
import { isGuardNotice } from '../../lib/guard-words.ts'
import { Notice } from '../../ui/notice.tsx'

export function RunPage() {
  const { run = '' } = useParams({ strict: false })
  const query = useApi(readRun, { params: { run } }, { everyMs: 10_000 })
  const of = query.data !== undefined && String(query.data.run) === run ? query.data : undefined
  return (
    <Page
      title={`Run ${run}`}
      tabTitle={of === undefined ? `Run ${run}` : `Run ${run} · ${of.activation}`}
      crumbs={crumbsOf(of)}
      beside={of && <StatusBadge look={runLooks[of.status]} />}
      subtitle={of && <RunLine run={of} />}
      actions={of && <RunButtons run={of} />}
    >
      <Loaded query={query}>{(data) => <RunContent key={data.run} run={data} />}</Loaded>
    </Page>
  )
}

function crumbsOf(run: RunSummary | undefined) {
  if (run === undefined) return [{ label: 'Runs', to: '/runs' }]
  const params = { activation: run.activation }
  return [
    { label: 'Activations', to: '/activations' },
    { label: run.activation, to: '/activations/$activation/{-$tab}', params },
    { label: 'Sync History', to: '/activations/$activation/{-$tab}', params: { ...params, tab: 'sync-history' } },
  ]
}

function RunLine({
  run: { activation, purpose, undoes, undoneBy, startedAt, finishedAt, durationMs },
}: {
  readonly run: RunSummary
}) {
  return (
    <>
      <Link to="/activations/$activation/{-$tab}" params={{ activation }}>
        {activation}
      </Link>{' '}
      · started <When at={startedAt} />
      {finishedAt !== null && `, took ${duration(durationMs)}`}
      {purpose === 'undo' && undoes !== null && (
        <>
          {' '}
          · undoes{' '}
          <Link to="/runs/$run" params={{ run: String(undoes) }}>
            Run {undoes}
          </Link>
        </>
      )}
      {undoneBy !== null && (
        <>
          {' '}
          · undone by{' '}
          <Link to="/runs/$run" params={{ run: String(undoneBy) }}>
            Run {undoneBy}
          </Link>
        </>
      )}
    </>
  )
}

function RunContent({ run }: { readonly run: RunSummary }) {
  const progress = useProgress(run.run)
  const isUnderWay = underWay.has(run.status)
  // Of a Run that ended before it read the query, every figure would be zero.
  const hasRead = isUnderWay || run.purpose === 'undo' || reachOf(factsOf(run)) !== 'before the read'
  return (
    <Stack gap="lg">
      {run.fault !== null && (
        <TroublePanel
          trouble={troubleOfFault(run.fault)}
          tone={
            run.fault.kind === 'blocked' || run.fault.kind === 'stopped' || run.fault.kind === 'cancelled'
              ? 'warn'
              : 'bad'
          }
        />
      )}
      {isUnderWay &&
        (progress !== undefined && underWay.has(progress.status) ? (
          <ProgressStrip progress={progress} />
        ) : (
          <Text c="dimmed" role="status">
            {runLooks[run.status].meaning}
          </Text>
        ))}
      {!isUnderWay && <Text maw={860}>{runSentence(factsOf(run))}</Text>}
      {!isUnderWay && hasRead && <RunFigures run={run} />}
      <RunNotices run={run} />
      {!isUnderWay && <RunReasons run={run} />}
      {hasRead && <RunPlan run={run} />}
      {hasRead && <RunRecords run={run} />}
    </Stack>
  )
}

/** What the sentences about a Run are derived from. */
function factsOf(run: RunSummary): RunFacts {
  return { ...run, counts: { ...run.counts, leftAlone: run.leftAlone } }
}

/** The Run's notices, without overridden guardrails, which are shown with its plan. */
export function RunNotices({ run: { notices } }: { readonly run: RunSummary }) {
  const lines = notices.filter((notice) => !isGuardNotice(notice))
  if (lines.length === 0) return null
  return (
    <Notice tone="quiet" title={lines.length === 1 ? 'Notice' : 'Notices'}>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {lines.map(({ words }) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </Notice>
  )
}
