import type { QueryClient } from '@tanstack/react-query'

/** `meta` for queries that other changes do not make outdated, such as a plan. */
export const lasting = { lasting: true }

/** Reloads all visible data after a change here or elsewhere. */
export function readAgain(client: QueryClient): void {
  void client.invalidateQueries({ predicate: ({ meta }) => meta?.['lasting'] !== true })
}
