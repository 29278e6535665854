import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { count, duration, plural } from '../../lib/format.ts'
import type { Plan } from './use-plan.ts'
import { Figures, type Figure } from '../../ui/figures.tsx'
import { RetryIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanSample } from './plan-sample.tsx'

const lineWords: readonly (readonly [key: string, label: string, meaning: string])[] = [
  ['adds', 'Would be attached', 'Records that would get it.'],
  ['removes', 'Would be detached', 'Records that would lose it.'],
  ['creates', 'Would be created', 'Records that the Target does not have yet.'],
  ['upserts', 'Created or updated', 'The Target creates or updates, by the identifier.'],
  ['updates', 'Would be updated', 'Records whose values would change.'],
  ['archives', 'Would be archived', ''],
  ['deletes', 'Would be deleted', 'This cannot be undone.'],
  ['inPlace', 'Already in place', 'The Target holds it already; nothing is sent.'],
  ['leftAlone', 'Skipped', 'External: a person added it.'],
  ['notLoaded', 'Cannot be loaded', 'The plan shows that they would be rejected; nothing is sent.'],
  ['onHold', 'On hold', 'Not sent now; a later Run tries again.'],
]

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
  const { counts, lines, groups, toCreate, writeCalls, readCalls, writeMs, guardrails, notices, invalidRows, sample } =
    plan
  const figures = lineWords.flatMap(([key, label, meaning]): Figure[] =>
    (lines[key] ?? 0) > 0
      ? [{ label, value: lines[key] ?? 0, meaning, ...(key === 'deletes' && { tone: 'bad' }) }]
      : [],
  )
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
      {figures.length > 0 ? (
        <Figures label="The plan" items={figures} />
      ) : (
        <Notice tone="quiet" title="Nothing to do">
          {counts.read === 0 ? 'The query returns no rows.' : 'Everything is already as in the query.'}
        </Notice>
      )}
      {counts.planned > 0 && (
        <Text size="sm">
          {costWords(writeCalls, writeMs)} {plural(readCalls, 'read call')} {readCalls === 1 ? 'was' : 'were'} used to
          make this plan.
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
          <PlanSample lines={sample} />
        </>
      )}
    </Stack>
  )
}

function costWords(calls: number, ms: number | null): string {
  const words = plural(calls, 'write call')
  if (ms === null) return `${words}; the account's rate limit is not known yet.`
  return ms <= 0
    ? `${words}: within one rate-limit window.`
    : `${words}: at least ${duration(ms)} at the account's rate limit.`
}
