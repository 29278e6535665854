import { definePage } from '../../lib/page-spec.ts'

export const page = definePage({
  path: '/activations/$activation/{-$tab}',
  load: async () => (await import('./activation-page.tsx')).ActivationPage,
})
