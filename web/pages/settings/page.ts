import { definePage } from '../../lib/page-spec.ts'
import { SettingsIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/settings',
  nav: { label: 'Settings', order: 5, icon: SettingsIcon },
  load: async () => (await import('./settings-page.tsx')).SettingsPage,
})
