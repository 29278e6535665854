import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorPanel } from './error-panel.tsx'
import { Loading } from './loading.tsx'

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data, Error>
  readonly loading?: ReactNode
  readonly children: (data: Data) => ReactNode
}

/** The states of a query: loading, failed, failed with older data (shown below the error), loaded. */
export function Loaded<Data>({ query, loading = <Loading />, children }: LoadedProps<Data>) {
  const trouble = query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null
  if (query.data === undefined) return trouble ?? loading
  return (
    <>
      {trouble !== null && <div style={{ marginBottom: 16 }}>{trouble}</div>}
      {children(query.data)}
    </>
  )
}
