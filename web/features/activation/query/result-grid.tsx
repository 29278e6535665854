import { ScrollArea, Text } from '@mantine/core'
import type { ReplyOf } from '../../../../src/api/endpoint.ts'
import type { previewQuery } from '../../../../src/api/connections/contract.ts'
import { plural } from '../../../lib/format.ts'
import styles from './result-grid.module.css'

type Result = Pick<ReplyOf<typeof previewQuery>, 'columns' | 'rows'>

/** The first rows of a query; values in the Warehouse's notation. */
export function ResultGrid({ result: { columns, rows }, limit }: { readonly result: Result; readonly limit: number }) {
  const words =
    rows.length === 0
      ? 'The query is valid, and returns no rows.'
      : rows.length < limit
        ? `${plural(rows.length, 'row')}: all that the query returns.`
        : `The first ${plural(rows.length, 'row')}.`
  return (
    <div className={styles['frame']}>
      <ScrollArea.Autosize
        mah={360}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': 'Rows of the preview', role: 'region' }}
      >
        <table className={styles['grid']} aria-label="Preview">
          <thead>
            <tr>
              {columns.map(({ name, type, nativeType }) => (
                <th key={name} scope="col" title={nativeType}>
                  {name}
                  <span className={styles['type']}>{type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                {columns.map(({ name }, index) => (
                  <td key={name} title={row[index] ?? undefined}>
                    {row[index] ?? <span className={styles['null']}>null</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea.Autosize>
      <Text size="xs" c="dimmed" px="sm" py={6} role="status">
        {words}
      </Text>
    </div>
  )
}
