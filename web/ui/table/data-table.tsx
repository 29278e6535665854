import { VisuallyHidden } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import styles from './table.module.css'

export interface Column<Item> {
  readonly header: string
  /** Only screen readers get the header, such as for a column of buttons. */
  readonly isHeaderHidden?: boolean
  readonly align?: 'start' | 'end'
  readonly width?: number | string
  /** On small screens this cell gets its own line, such as for a sentence. */
  readonly isWide?: boolean
  readonly cell: (item: Item) => ReactNode
}

export interface DataTableProps<Item> {
  /** Describes the table; visible if `isCaptionShown`, else only for screen readers. */
  readonly caption: string
  readonly isCaptionShown?: boolean
  /** The first column names the row. */
  readonly columns: readonly Column<Item>[]
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string | number
  readonly foot?: ReactNode
}

interface Window {
  /** Index of the first of `items` in the whole list. */
  readonly from: number
  readonly total: number
  /** Space in pixels for the rows that are not drawn. */
  readonly before: number
  readonly after: number
  readonly rowRef: (row: HTMLTableRowElement | null) => void
  readonly tableRef: Ref<HTMLTableElement>
}

/** A table on wide screens, cards on small ones. Explicit roles, because the CSS of cards removes the implicit ones. */
export function DataTable<Item>({
  caption,
  isCaptionShown = false,
  columns,
  items,
  keyOf,
  foot,
  window,
}: DataTableProps<Item> & { readonly window?: Window }) {
  return (
    <div className={styles['frame']}>
      <table
        className={`${styles['table']} ${styles['cards']}`}
        role="table"
        ref={window?.tableRef}
        aria-rowcount={window === undefined ? undefined : window.total + 1}
      >
        {isCaptionShown ? (
          <caption className={styles['caption']}>{caption}</caption>
        ) : (
          <VisuallyHidden component="caption">{caption}</VisuallyHidden>
        )}
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ header, isHeaderHidden = false, align, width }) => (
              <th
                key={header}
                scope="col"
                role="columnheader"
                className={align === 'end' ? styles['end'] : undefined}
                style={width === undefined ? undefined : { width }}
              >
                {isHeaderHidden ? <VisuallyHidden>{header}</VisuallyHidden> : header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          <Spacer height={window?.before} columns={columns.length} />
          {items.map((item, index) => (
            <tr
              key={keyOf(item)}
              role="row"
              ref={window?.rowRef}
              data-index={window === undefined ? undefined : window.from + index}
              aria-rowindex={window === undefined ? undefined : window.from + index + 2}
            >
              {columns.map(({ header, isHeaderHidden = false, align, isWide = false, cell }, at) =>
                at === 0 ? (
                  <th key={header} scope="row" role="rowheader" className={styles['break']}>
                    {cell(item)}
                  </th>
                ) : (
                  <td
                    key={header}
                    role="cell"
                    data-label={isHeaderHidden ? undefined : header}
                    data-actions={isHeaderHidden || undefined}
                    data-wide={isWide || undefined}
                    className={align === 'end' ? styles['end'] : styles['break']}
                  >
                    {cell(item)}
                  </td>
                ),
              )}
            </tr>
          ))}
          <Spacer height={window?.after} columns={columns.length} />
        </tbody>
      </table>
      {foot !== undefined && <div className={styles['foot']}>{foot}</div>}
    </div>
  )
}

function Spacer({ height = 0, columns }: { readonly height: number | undefined; readonly columns: number }) {
  return height > 0 ? (
    <tr className={styles['spacer']} aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  ) : null
}
