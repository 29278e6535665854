import { useComputedColorScheme } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useEffect, useMemo, useState } from 'react'
import uPlot, { type AlignedData, type Options } from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ChartProps, Series } from './chart.tsx'
import styles from './chart.module.css'

/** Minimum number of bar positions, so that a few Runs do not make very wide bars. */
const leastPlaces = 12

/** The canvas of a Chart. Screen readers use its table instead. */
export function ChartCanvas({ at, names, series, format }: ChartProps) {
  const { ref: measure, width } = useElementSize<HTMLDivElement>()
  const [place, setPlace] = useState<HTMLDivElement | null>(null)
  const ref = useMergedRef(measure, setPlace)
  const scheme = useComputedColorScheme('light')
  const [pointed, setPointed] = useState<number | null>(null)
  // For stacked bars, draw cumulative sums, highest first.
  const layers = useMemo(() => stacked(series), [series])

  useEffect(() => {
    if (place === null || width === 0) return
    const padding = Array.from({ length: Math.max(0, leastPlaces - at.length) }, () => null)
    const data = [
      [...at, ...padding].map((_, index) => index),
      ...layers.map(({ heights }) => [...heights, ...padding]),
    ] as AlignedData
    const plot = new uPlot(optionsOf({ place, width, at, layers, format, point: setPointed }), data, place)
    return () => plot.destroy()
  }, [place, width, scheme, at, layers, format])

  return (
    <div aria-hidden>
      <ul className={styles['legend']}>
        {series.map(({ label, color, shape, values }) => (
          <li key={label}>
            <span
              className={`${styles['swatch']} ${shape === 'bars' ? '' : styles[shape]}`}
              style={shape === 'dashes' ? { borderColor: `var(${color})` } : { background: `var(${color})` }}
            />
            {label}
            {pointed === null
              ? ''
              : `: ${values[pointed] === null || values[pointed] === undefined ? '–' : format(values[pointed])}`}
          </li>
        ))}
        {pointed !== null && <li style={{ color: 'var(--mantine-color-dimmed)' }}>{names[pointed]}</li>}
      </ul>
      <div ref={ref} style={{ height: 180 }} />
    </div>
  )
}

interface Layer extends Series {
  readonly heights: readonly (number | null)[]
}

function stacked(series: readonly Series[]): readonly Layer[] {
  const sums: number[] = []
  const layers = series.map((one): Layer =>
    one.shape !== 'bars'
      ? { ...one, heights: one.values }
      : {
          ...one,
          heights: one.values.map((value, index) => (sums[index] = (sums[index] ?? 0) + (value ?? 0))),
        },
  )
  return [
    ...layers.filter(({ shape }) => shape === 'bars').toReversed(),
    ...layers.filter(({ shape }) => shape !== 'bars'),
  ]
}

interface Drawing extends Pick<ChartProps, 'at' | 'format'> {
  readonly place: HTMLElement
  readonly width: number
  readonly layers: readonly Layer[]
  readonly point: (index: number | null) => void
}

function optionsOf({ place, width, at, layers, format, point }: Drawing): Options {
  const ink = resolved(place, '--mantine-color-dimmed')
  const axis = {
    stroke: ink,
    font: '12px system-ui, sans-serif',
    grid: { stroke: resolved(place, '--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height: 180,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.6, Math.max(at.length, leastPlaces) - 0.4] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        space: 70,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500],
        values: (_, ticks) => tickLabels(at, ticks),
      },
      {
        ...axis,
        size: 56,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7],
        values: (_, ticks) => ticks.map(format),
      },
    ],
    series: [
      {},
      ...layers.map(({ label, color, shape }) => {
        const stroke = resolved(place, color)
        if (shape === 'bars')
          return {
            label,
            stroke,
            fill: stroke,
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars!({ size: [0.7, 22] }),
          }
        return {
          label,
          stroke,
          width: 2,
          points: { show: shape === 'line' && at.length < leastPlaces },
          ...(shape === 'dashes' ? { dash: [6, 5] } : {}),
        }
      }),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) =>
          point(cursor.idx === null || cursor.idx === undefined || cursor.idx >= at.length ? null : cursor.idx),
      ],
    },
  }
}

/** Axis labels at these ticks, without repeating the previous label. */
function tickLabels(labels: readonly string[], ticks: readonly number[]): string[] {
  return ticks.map((tick, at) => (labels[tick] === labels[ticks[at - 1] ?? -1] ? '' : (labels[tick] ?? '')))
}

/** Resolves a CSS custom property, because a canvas needs an actual color. */
function resolved(place: HTMLElement, property: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${property})`
  place.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
