import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { sentence } from '../../../src/model/words/amounts.ts'
import { costWords, nothingToSend, planFigures, plannedWrites } from '../../../src/model/words/plan-figures.ts'
import { count, plural } from '../../lib/format.ts'
import type { Plan } from './use-plan.ts'
import { Figures, type Figure } from '../../ui/figures.tsx'
import { RetryIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanSample } from './plan-sample.tsx'

/** A plan: figures, cost, guardrails and first lines. Nothing is sent. */
export function PlanView({
  plan,
  onAgain,
  isBusy,
}: {
  readonly plan: Plan
  readonly onAgain: () => void
  readonly isBusy: boolean
}) {
  const {
    counts,
    lines,
    about,
    groups,
    toCreate,
    writeCalls,
    readCalls,
    writeMs,
    guardrails,
    notices,
    invalidRows,
    sample,
  } = plan
  const figures = planFigures(lines, about).map(({ label, value, meaning, isFinal }): Figure => ({
    label,
    value,
    meaning,
    ...(isFinal && { tone: 'bad' }),
  }))
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {plural(counts.read, 'row')} read
          {groups.length > 0 && (
            <>
              {' '}
              ·{' '}
              {groups
                .map(({ name }) => `“${name}”`)
                .slice(0, 5)
                .join(', ')}
            </>
          )}
          . Nothing was sent.
        </Text>
        <Button variant="subtle" size="xs" leftSection={<RetryIcon size={14} />} onClick={onAgain} loading={isBusy}>
          Plan again
        </Button>
      </Group>
      {figures.length > 0 && <Figures label="The plan" items={figures} />}
      {plannedWrites(lines) === 0 && (
        <Notice tone="quiet" title="A Run would write nothing">
          {sentence(nothingToSend(lines, counts, about))}
        </Notice>
      )}
      {counts.planned > 0 && (
        <Text size="sm">
          {sentence(costWords(writeCalls, writeMs ?? undefined))} {plural(readCalls, 'read call')}{' '}
          {readCalls === 1 ? 'was' : 'were'} used to make this plan.
        </Text>
      )}
      {guardrails
        .filter(({ overridden }) => !overridden)
        .map(({ rule, words }) => (
          <Notice key={rule} tone="bad" isGuardrail title="A guardrail would block this Run before its first write">
            {words}
          </Notice>
        ))}
      {toCreate.length > 0 && (
        <Notice tone="warn">
          {toCreate.map((name) => `“${name}”`).join(', ')} {toCreate.length === 1 ? 'does' : 'do'} not exist yet, and
          would be created.
        </Notice>
      )}
      {notices.map(({ words }) => (
        <Notice key={words} tone="warn">
          {words}
        </Notice>
      ))}
      {counts.invalid > 0 && (
        <Notice tone="warn" title={`${plural(counts.invalid, 'row')} cannot become records`}>
          <Text size="sm" component="ul" m={0} pl="lg">
            {invalidRows.map(({ code, column, count: rows, sample: named }) => (
              <li key={`${code} ${column}`}>
                {count(rows)} × {code} in “{column}”{named[0] === undefined ? '' : `, for example: ${named[0].message}`}
              </li>
            ))}
          </Text>
        </Notice>
      )}
      {sample.length > 0 && (
        <>
          <Title order={3} size="h5">
            The first records
          </Title>
          <PlanSample lines={sample} about={about} />
        </>
      )}
    </Stack>
  )
}
