import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { z } from 'zod'
import { watchAll, type runProgress } from '../../src/api/runs/contract.ts'
import { lasting, readAgain } from './read-again.ts'
import { underWay } from './status-words.ts'

export type RunProgress = z.output<typeof runProgress>

const progressKey = (run: number): readonly unknown[] => ['progress', run]

/**
 * One event stream for the whole page, open only while it is visible: browsers allow six connections to a server over
 * all tabs. Progress is stored for `useProgress`. When something ends or changes, visible data is reloaded.
 */
export function useEvents(enabled: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!enabled) return
    let stream: EventSource | null = null
    const follow = (): void => {
      stream?.close()
      stream = document.hidden ? null : open(client)
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      stream?.close()
    }
  }, [client, enabled])
}

/** Live progress of a Run; undefined before its first event. */
export function useProgress(run: number): RunProgress | undefined {
  return useQuery<RunProgress>({ queryKey: progressKey(run), enabled: false, staleTime: Infinity, meta: lasting }).data
}

function open(client: QueryClient): EventSource {
  const stream = new EventSource(watchAll.path)
  stream.addEventListener('progress', ({ data }: MessageEvent<string>) => {
    const progress = JSON.parse(data) as RunProgress
    const before = client.getQueryData<RunProgress>(progressKey(progress.run))
    client.setQueryData(progressKey(progress.run), progress)
    if (before?.status !== progress.status && (before !== undefined || !underWay.has(progress.status)))
      readAgain(client)
  })
  for (const event of ['end', 'changed']) stream.addEventListener(event, () => readAgain(client))
  return stream
}
