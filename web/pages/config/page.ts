import { definePage } from '../../lib/page-spec.ts'
import { DocIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/config',
  nav: { label: 'tailrace.yaml', order: 4.5, icon: DocIcon },
  load: async () => (await import('./config-page.tsx')).ConfigPage,
})
