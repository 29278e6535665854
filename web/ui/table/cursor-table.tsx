import { Button } from '@mantine/core'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { plural } from '../../lib/format.ts'
import { DataTable, type DataTableProps } from './data-table.tsx'
import { ErrorPanel } from '../error-panel.tsx'
import { Loading } from '../loading.tsx'

interface CursorTableProps<Item> extends Omit<DataTableProps<Item>, 'items' | 'foot'> {
  /** From `usePages`. */
  readonly query: UseInfiniteQueryResult<
    InfiniteData<{ readonly items: readonly Item[]; readonly next: string | null }>,
    Error
  >
  /** `record`, for "50 records". */
  readonly noun: string
  readonly empty: ReactNode
}

/** Shorter lists are drawn completely, so that search in the page and printing work. */
const drawAllBelow = 80

/** A list that loads further pages on scrolling. Of a long list only the visible rows are drawn. */
export function CursorTable<Item>({ query, noun, empty, ...table }: CursorTableProps<Item>) {
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  if (query.data === undefined)
    return query.isError ? (
      <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading rows={8} />
    )
  if (items.length === 0) return <>{empty}</>
  const foot = <Foot query={query} shown={items.length} noun={noun} />
  return (
    <div style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }} aria-busy={query.isFetching}>
      {query.isError && (
        <div style={{ marginBottom: 12 }}>
          <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
        </div>
      )}
      {items.length < drawAllBelow ? (
        <DataTable {...table} items={items} foot={foot} />
      ) : (
        <LongTable {...table} items={items} foot={foot} />
      )}
    </div>
  )
}

function LongTable<Item>({ items, ...table }: DataTableProps<Item>) {
  const [top, setTop] = useState(0)
  const tableRef = useCallback((element: HTMLTableElement | null) => {
    if (element !== null) setTop(element.getBoundingClientRect().top + window.scrollY)
  }, [])
  const virtual = useWindowVirtualizer({ count: items.length, estimateSize: () => 46, overscan: 12, scrollMargin: top })
  const rows = virtual.getVirtualItems()
  const first = rows[0]
  const last = rows.at(-1)
  return (
    <DataTable
      {...table}
      items={rows.map(({ index }) => items[index] as Item)}
      window={{
        from: first?.index ?? 0,
        total: items.length,
        tableRef,
        rowRef: virtual.measureElement,
        before: (first?.start ?? top) - top,
        after: virtual.getTotalSize() - ((last?.end ?? top) - top),
      }}
    />
  )
}

interface FootProps {
  readonly query: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  readonly shown: number
  readonly noun: string
}

/** Loads the next page when it becomes visible; the button is for users who do not scroll. */
function Foot({ query: { hasNextPage, isFetchingNextPage, fetchNextPage }, shown, noun }: FootProps) {
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || place.current === null) return
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage()
      },
      { rootMargin: '400px' },
    )
    watch.observe(place.current)
    return () => watch.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <>
      <span ref={place} aria-live="polite">
        {hasNextPage ? `The first ${plural(shown, noun)}` : plural(shown, noun)}
      </span>
      {hasNextPage && (
        <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}
