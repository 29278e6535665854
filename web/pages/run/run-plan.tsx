import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import { readRunPlan } from '../../../src/api/runs/contract.ts'
import { capital } from '../../../src/model/noun.ts'
import { madeSentence, plannedSentence } from '../../../src/model/words/plan-figures.ts'
import { groupSentence, type PlanAbout } from '../../../src/model/words/plan-lines.ts'
import { count } from '../../lib/format.ts'
import { underWay } from '../../lib/status-words.ts'
import { useApi } from '../../lib/use-api.ts'
import { ChangeList } from '../../ui/change-list.tsx'
import { DataTable, type Column } from '../../ui/table/data-table.tsx'
import { ruleWord } from '../../lib/guard-words.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import styles from './run-plan.module.css'

type RunPlanReply = ReplyOf<typeof readRunPlan>
type PlannedGroup = RunPlanReply['groups'][number]

/** Polling interval while the Run is under way. */
const everyMs = 3000

/** What the Run planned and why, with sample records. For a blocked Run: what it would have done. */
export function RunPlan({ run }: { readonly run: RunSummary }) {
  const query = useApi(
    readRunPlan,
    { params: { run: run.run } },
    { everyMs: underWay.has(run.status) ? everyMs : false },
  )
  return (
    <section aria-label="Plan" id="plan">
      <Title order={2} size="h4" mb="sm">
        Plan
      </Title>
      <Loaded query={query} loading={<Loading rows={2} height={44} label="Reading the plan" />}>
        {(plan) => <Planned plan={plan} run={run} />}
      </Loaded>
    </section>
  )
}

function Planned({ plan, run }: { readonly plan: RunPlanReply; readonly run: RunSummary }) {
  if (plan.state === 'pending')
    return <Text c="dimmed">The plan appears here when the rows are read and compared.</Text>
  if (plan.state === 'none') return <Text c="dimmed">The Run ended before it had a plan.</Text>
  const { groups, guardrails, writes, calls } = plan
  if (groups.length === 0) return <Text c="dimmed">The plan was empty: no record had to be written.</Text>
  return (
    <Stack gap="sm">
      <Text>
        {plannedSentence(writes, calls.estimated, run.status === 'blocked')} {madeSentence(calls.made)}
      </Text>
      {guardrails
        .filter(({ overridden }) => overridden)
        .map(({ rule, words }) => (
          <Notice key={rule} tone="warn" isGuardrail title={`A person overrode a guardrail: ${ruleWord(rule)}`}>
            {words ?? undefined}
          </Notice>
        ))}
      <div className={styles['groups']}>
        {groups.map((group) => (
          <Group
            key={`${group.operation} ${group.reason} ${group.code}`}
            group={group}
            run={run}
            isOpen={run.status === 'blocked'}
          />
        ))}
      </div>
    </Stack>
  )
}

function Group({
  group,
  run,
  isOpen,
}: {
  readonly group: PlannedGroup
  readonly run: RunSummary
  readonly isOpen: boolean
}) {
  const sentence = groupSentence(group, aboutOf(run), run.undoes)
  if (group.sample.length === 0) return <p className={styles['group']}>{sentence}</p>
  return (
    <details className={styles['group']} open={isOpen}>
      <summary>{sentence}</summary>
      <div className={styles['sample']}>
        <DataTable
          caption={`${sentence}: the first records`}
          columns={columnsOf(group, run)}
          items={group.sample.map((line, at) => ({ ...line, at }))}
          keyOf={({ at }) => at}
          foot={footOf(group)}
        />
      </div>
    </details>
  )
}

function aboutOf({ nouns, groups, behavior }: RunSummary): PlanAbout {
  return { nouns, groups: groups.length, takesOff: behavior === 'detach' }
}

type Line = PlannedGroup['sample'][number]

const withGroups: ReadonlySet<string> = new Set(['attach', 'detach', 'skip'])

function columnsOf(
  { operation, sample }: PlannedGroup,
  { groups: named, nouns }: RunSummary,
): readonly Column<Line & { readonly at: number }>[] {
  const has = (some: (line: Line) => boolean, column: Column<Line>): readonly Column<Line>[] =>
    sample.some(some) ? [column] : []
  return [
    { header: 'Record', cell: ({ record }) => <code>{record}</code> },
    ...has(({ groups }) => named.length > 0 && withGroups.has(operation) && groups.length > 0, {
      header: capital(nouns.group?.many ?? 'groups'),
      isWide: true,
      cell: ({ groups }) => groups.map((name) => `“${name}”`).join(', '),
    }),
    ...has(({ after }) => after !== null, {
      header: 'Values',
      isWide: true,
      cell: ({ before, after }) =>
        after === null ? null : (
          <ChangeList
            changes={Object.entries(after).map(([key, to]) => ({ key, from: before?.[key], to }))}
            isNew={before === null}
          />
        ),
    }),
    ...has(({ message }) => message !== null, { header: 'Why', isWide: true, cell: ({ message }) => message }),
  ]
}

function footOf({ lines, sample }: PlannedGroup): ReactNode {
  return lines > sample.length ? `The first ${count(sample.length)} of ${count(lines)}` : undefined
}
