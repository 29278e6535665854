import type { QueryClient } from '@tanstack/react-query'

/** For `meta` of what is made once for its words, such as a plan: nothing that goes on elsewhere makes it old. */
export const lasting = { lasting: true }

/** Reads again what is shown: something was done, or goes on elsewhere. */
export function readAgain(client: QueryClient): void {
  void client.invalidateQueries({ predicate: ({ meta }) => meta?.['lasting'] !== true })
}
