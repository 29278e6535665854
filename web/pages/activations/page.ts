import { definePage } from '../../lib/page-spec.ts'
import { ActivationsIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/activations',
  nav: { label: 'Activations', order: 1, icon: ActivationsIcon },
  load: async () => (await import('./activations-page.tsx')).ActivationsPage,
})
