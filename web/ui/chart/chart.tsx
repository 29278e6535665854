import { Paper, Skeleton, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import styles from './chart.module.css'

export interface Series {
  readonly label: string
  /** A custom property of style.css: `--mark-good`. */
  readonly color: string
  readonly values: readonly (number | null)[]
  /** `bars` are stacked in the given order; `dashes` is a line that marks a limit. */
  readonly shape: 'bars' | 'line' | 'dashes'
}

export interface ChartProps {
  readonly title: string
  /** A one-sentence description. */
  readonly about: string
  /** The axis label of each point. */
  readonly at: readonly string[]
  /** The name of each point in the table and at the cursor: `Run 7, 3 Mar 05:06`. */
  readonly names: readonly string[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}

// uPlot is loaded when the first chart is shown, not with the page.
const ChartCanvas = lazy(async () => ({ default: (await import('./chart-canvas.tsx')).ChartCanvas }))

/** A chart, with the same data as a table for screen readers. */
export function Chart(props: ChartProps) {
  const { title, about, series, names, format } = props
  return (
    <Paper component="figure" withBorder p="md" m={0}>
      <figcaption>
        <Title order={3} size="h5">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      </figcaption>
      <Suspense fallback={<Skeleton height={230} mt="sm" />}>
        <ChartCanvas {...props} />
      </Suspense>
      <details className={styles['details']}>
        <summary>Show as a table</summary>
        <div className={styles['scroll']} tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table className={styles['table']}>
            <caption>{title}</caption>
            <thead>
              <tr>
                <th scope="col">Run</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map((name, at) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {series.map(({ label, values }) => (
                    <td key={label}>{shown(values[at], format)}</td>
                  ))}
                </tr>
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
