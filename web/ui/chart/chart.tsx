import { Paper, Skeleton, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import styles from './chart.module.css'

export interface Series {
  readonly label: string
  /** A custom property of style.css: `--mark-good`. */
  readonly color: string
  readonly values: readonly (number | null)[]
  /** `bars` are stacked on each other in the order given; `dashes` is a line that marks a limit. */
  readonly shape: 'bars' | 'line' | 'dashes'
}

export interface ChartProps {
  readonly title: string
  /** What is seen, in a sentence. */
  readonly about: string
  /** One for each point: what stands below the axis. */
  readonly at: readonly string[]
  /** What names a point in the table and beside the cursor: `Run 7, 3 Mar 05:06`. */
  readonly names: readonly string[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}

// uPlot is loaded when a chart is seen first, not with the page.
const ChartCanvas = lazy(async () => ({ default: (await import('./chart-canvas.tsx')).ChartCanvas }))

/** A plot for the eye, and the same as a table for all others. */
export function Chart(props: ChartProps) {
  const { title, about, series, names, format } = props
  return (
    <Paper component="figure" withBorder p="md" m={0}>
      <figcaption>
        <Title order={3} size="h5">{title}</Title>
        <Text size="sm" c="dimmed">{about}</Text>
      </figcaption>
      <Suspense fallback={<Skeleton height={230} mt="sm" />}><ChartCanvas {...props} /></Suspense>
      <details className={styles['details']}>
        <summary>Show as a table</summary>
        <div className={styles['scroll']} tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table className={styles['table']}>
            <caption>{title}</caption>
            <thead><tr><th scope="col">Run</th>{series.map(({ label }) => <th key={label} scope="col">{label}</th>)}</tr></thead>
            <tbody>
              {names.map((name, at) => (
                <tr key={name}><th scope="row">{name}</th>{series.map(({ label, values }) => <td key={label}>{shown(values[at], format)}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Paper>
  )
}

function shown(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value)
}
