import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** Keeps filters in the URL, so that links and the Back button work. Undefined removes a filter. */
export function useSearchState<State extends Readonly<Record<string, string | undefined>>>(): readonly [
  Partial<State>,
  (change: Partial<State>) => void,
] {
  const state = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const change = useCallback(
    (next: Partial<State>) => {
      void navigate({
        to: '.',
        search: (before: object) => ({ ...before, ...next }),
        replace: true,
        resetScroll: false,
      })
    },
    [navigate],
  )
  // The router parses number-like text as numbers, so convert it back.
  return [
    Object.fromEntries(
      Object.entries(state).map(([key, value]) => [
        key,
        typeof value === 'string' || value === undefined ? value : JSON.stringify(value),
      ]),
    ) as Partial<State>,
    change,
  ]
}
