import { definePage } from '../../lib/page-spec.ts'

export const page = definePage({
  path: '/targets/$name',
  load: async () => (await import('./target-page.tsx')).TargetPage,
})
