import { definePage } from '../../lib/page-spec.ts'
import { ClockIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/runs',
  nav: { label: 'Runs', order: 2, icon: ClockIcon },
  load: async () => (await import('./runs-page.tsx')).RunsPage,
})
