import { definePage } from '../../lib/page-spec.ts'
import { WarehousesIcon } from '../../ui/icons.tsx'

export const page = definePage({
  path: '/warehouses',
  nav: { label: 'Warehouses', order: 3, icon: WarehousesIcon },
  load: async () => (await import('./warehouses-page.tsx')).WarehousesPage,
})
