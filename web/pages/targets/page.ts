import { definePage } from '../../lib/page-spec.ts'
import { TargetsIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/targets',
  nav: { label: 'Targets', order: 4, icon: TargetsIcon },
  load: async () => (await import('./targets-page.tsx')).TargetsPage,
})
