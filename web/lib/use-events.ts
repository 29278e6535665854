import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { z } from 'zod'
import { watchAll, type runProgress } from '../../src/api/runs/contract.ts'
import { lasting, readAgain } from './read-again.ts'
import { underWay } from './status-words.ts'

export type RunProgress = z.output<typeof runProgress>

const progressKey = (run: number): readonly unknown[] => ['progress', run]

/**
 * One stream for the whole page, open while it is looked at: browsers allow six connections to a server for all tabs together.
 * Progress goes to where `useProgress` reads it; when something ends or changes, what is shown is read again.
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

/** How far a Run under way has come; undefined before its first event. */
export function useProgress(run: number): RunProgress | undefined {
  return useQuery<RunProgress>({ queryKey: progressKey(run), enabled: false, staleTime: Infinity, meta: lasting }).data
}

function open(client: QueryClient): EventSource {
  const stream = new EventSource(watchAll.path)
  stream.addEventListener('progress', ({ data }: MessageEvent<string>) => {
    const progress = JSON.parse(data) as RunProgress
    const before = client.getQueryData<RunProgress>(progressKey(progress.run))
    client.setQueryData(progressKey(progress.run), progress)
    if (before?.status !== progress.status && (before !== undefined || !underWay.has(progress.status))) readAgain(client)
  })
  for (const event of ['end', 'changed']) stream.addEventListener(event, () => readAgain(client))
  return stream
}
