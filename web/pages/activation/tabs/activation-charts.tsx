import { Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import { readSeries } from '../../../../src/api/records/contract.ts'
import { readConnection } from '../../../../src/api/connections/contract.ts'
import { syncedWords, type FigureWords } from '../../../../src/model/words/activation-words.ts'
import { count, shortCount } from '../../../lib/format.ts'
import { useApi } from '../../../lib/use-api.ts'
import { Chart, type Series } from '../../../ui/chart/chart.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Loading } from '../../../ui/loading.tsx'
import type { TabProps } from '../activation-tab.ts'
import { plotPoints, type PlotPoint, type SeriesPoint } from './series-points.ts'

const spans = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
]

export function ActivationCharts({ activation }: TabProps) {
  const { name, target } = activation
  const [days, setDays] = useState('30')
  const query = useApi(readSeries, { params: { activation: name }, query: { days: Number(days) } })
  const connection = useApi(readConnection, { params: { kind: 'targets', name: target } })
  const perSecond = (connection.data?.limits ?? []).map(({ limit, perMs }) => limit / (perMs / 1000))
  return (
    <Stack gap="sm" component="section" aria-label="Over time">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Over time
        </Title>
        <SegmentedControl size="xs" aria-label="Time range" data={spans} value={days} onChange={setDays} />
      </Group>
      <Loaded query={query} loading={<Loading rows={1} height={260} />}>
        {({ points }) =>
          points.length === 0 ? (
            <Text c="dimmed">No Run has ended in the last {days} days: charts appear after the first one.</Text>
          ) : (
            <Plots
              points={points}
              limit={perSecond.length === 0 ? null : Math.min(...perSecond)}
              synced={syncedWords(activation)}
            />
          )
        }
      </Loaded>
    </Stack>
  )
}

function Plots({
  points,
  limit,
  synced,
}: {
  readonly points: readonly SeriesPoint[]
  readonly limit: number | null
  readonly synced: FigureWords
}) {
  const { axis, outcomes, calls, held } = useMemo(() => {
    const plotted = plotPoints(points)
    return {
      axis: { at: plotted.map(({ label }) => label), names: plotted.map(({ name }) => name) },
      outcomes: outcomesOf(plotted),
      calls: callsOf(plotted, limit),
      held: syncedOf(plotted, synced.label),
    }
  }, [points, limit, synced.label])
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <div style={{ gridColumn: '1 / -1' }}>
        <Chart
          {...axis}
          title="Records per Run by Outcome"
          about="The Outcomes of the planned records of each Run."
          series={outcomes}
          format={shortCount}
        />
      </div>
      <Chart {...axis} title={synced.label} about={synced.meaning} series={held} format={shortCount} />
      <Chart
        {...axis}
        title="Calls and the rate limit"
        about={
          limit === null
            ? 'Calls per second. The limit of the Target is not known yet.'
            : `Calls per second. The Target allows ${count(Math.round(limit))}.`
        }
        series={calls}
        format={perSecond}
      />
    </SimpleGrid>
  )
}

function outcomesOf(points: readonly PlotPoint[]): readonly Series[] {
  const bars = (
    label: string,
    color: string,
    key: 'delivered' | 'alreadyInPlace' | 'rejected' | 'onHold' | 'unconfirmed',
  ): Series => ({ label, color, shape: 'bars', values: points.map((point) => point[key]) })
  return [
    bars('Delivered', '--mark-good', 'delivered'),
    bars('Already in place', '--mark-quiet', 'alreadyInPlace'),
    bars('On hold', '--mark-warn', 'onHold'),
    bars('Not loaded', '--mark-bad', 'rejected'),
    bars('Unconfirmed', '--mark-busy', 'unconfirmed'),
  ].filter(({ label, values }) => label === 'Delivered' || values.some((value) => value !== 0))
}

function callsOf(points: readonly PlotPoint[], limit: number | null): readonly Series[] {
  const calls: Series = {
    label: 'Calls per second',
    color: '--mark-busy',
    shape: 'bars',
    values: points.map(({ callsPerSecond }) => callsPerSecond),
  }
  return limit === null
    ? [calls]
    : [calls, { label: 'Limit', color: '--mark-bad', shape: 'dashes', values: points.map(() => limit) }]
}

function syncedOf(points: readonly PlotPoint[], label: string): readonly Series[] {
  return [{ label, color: '--mark-busy', shape: 'line', values: points.map(({ held }) => held) }]
}

function perSecond(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : shortCount(Math.round(value))
}
