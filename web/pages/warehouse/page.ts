import { definePage } from '../../lib/page-spec.ts'

export const page = definePage({
  path: '/warehouses/$name',
  load: async () => (await import('./warehouse-page.tsx')).WarehousePage,
})
