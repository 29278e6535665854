import type { ReplyOf } from '../../../../src/api/endpoint.ts'
import type { readSeries } from '../../../../src/api/records/contract.ts'
import { clock, clockToSeconds, day } from '../../../lib/format.ts'

export type SeriesPoint = ReplyOf<typeof readSeries>['points'][number]

/** One bar of the charts: a Run, or several consecutive Runs if there are too many. */
export interface PlotPoint extends Omit<SeriesPoint, 'run' | 'status' | 'at' | 'durationMs'> {
  readonly label: string
  readonly name: string
  /** The highest average of one of the Runs: its calls divided by its duration (at least one second). */
  readonly callsPerSecond: number
}

const most = 60
/** For shorter periods, axis labels in days (or minutes) would all be the same. */
const twoDays = 2 * 86_400_000
const tenMinutes = 600_000

/** Combines consecutive Runs, so that at most 60 bars are drawn. `held` is the value after the last of them. */
export function plotPoints(points: readonly SeriesPoint[]): readonly PlotPoint[] {
  const size = Math.ceil(points.length / most)
  const plotted: PlotPoint[] = []
  const [first, last] = [points[0], points.at(-1)]
  const span = first === undefined || last === undefined ? 0 : Date.parse(last.at) - Date.parse(first.at)
  const label = span < tenMinutes ? clockToSeconds : span < twoDays ? clock : day
  for (let from = 0; from < points.length; from += size) plotted.push(merged(points.slice(from, from + size), label))
  return plotted
}

function merged(runs: readonly SeriesPoint[], label: (at: Date) => string): PlotPoint {
  const first = runs[0] as SeriesPoint
  const last = runs.at(-1) as SeriesPoint
  const at = new Date(first.at)
  const sum = (
    key: 'delivered' | 'alreadyInPlace' | 'rejected' | 'onHold' | 'unconfirmed' | 'reads' | 'writes',
  ): number => runs.reduce((total, run) => total + run[key], 0)
  return {
    label: label(at),
    name: `${runs.length === 1 ? `Run ${first.run}` : `Runs ${first.run} to ${last.run}`}, ${day(at)} ${clock(at)}`,
    delivered: sum('delivered'),
    alreadyInPlace: sum('alreadyInPlace'),
    rejected: sum('rejected'),
    onHold: sum('onHold'),
    unconfirmed: sum('unconfirmed'),
    reads: sum('reads'),
    writes: sum('writes'),
    held: last.held,
    callsPerSecond: Math.max(
      ...runs.map(({ reads, writes, durationMs }) => (reads + writes) / Math.max(1, durationMs / 1000)),
    ),
  }
}
