import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** Filters of a list live in the address: a link shows the same, Back undoes them. Undefined takes one away. */
export function useSearchState<State extends Readonly<Record<string, string | undefined>>>(): readonly [Partial<State>, (change: Partial<State>) => void] {
  const state = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const change = useCallback((next: Partial<State>) => {
    void navigate({ to: '.', search: (before: object) => ({ ...before, ...next }), replace: true, resetScroll: false })
  }, [navigate])
  // The router reads what looks like a number as one.
  return [Object.fromEntries(Object.entries(state).map(([key, value]) => [key, typeof value === 'string' || value === undefined ? value : JSON.stringify(value)])) as Partial<State>, change]
}
