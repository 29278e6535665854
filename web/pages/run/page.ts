import { definePage } from '../../lib/page-spec.ts'

export const page = definePage({
  path: '/runs/$run',
  load: async () => (await import('./run-page.tsx')).RunPage,
})
