import { definePage } from '../../lib/page-spec.ts'
import { RunsIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/runs', nav: { label: 'Runs', order: 2, icon: RunsIcon },
  load: async () => (await import('./runs-page.tsx')).RunsPage,
})
