import { useSyncExternalStore } from 'react'
import { moment, timeFrom } from '../lib/format.ts'

/** `5 minutes ago`, updated as time passes; the exact time in its title. */
export function When({ at, none = 'never' }: { readonly at: string | null; readonly none?: string }) {
  const now = useNow()
  if (at === null) return <span>{none}</span>
  const then = new Date(at)
  return (
    <time dateTime={at} title={moment(then)} style={{ whiteSpace: 'nowrap' }}>
      {timeFrom(then, now)}
    </time>
  )
}

/** The current time, rounded up to ten seconds. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(eachTenSeconds, () => Math.ceil(Date.now() / 10_000) * 10_000))
}

function eachTenSeconds(onTick: () => void): () => void {
  const timer = setInterval(onTick, 10_000)
  return () => clearInterval(timer)
}
