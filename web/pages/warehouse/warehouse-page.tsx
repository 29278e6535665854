import { ConnectionPage } from '../../ui/connection/connection-page.tsx'

export function WarehousePage() {
  return <ConnectionPage kind="warehouses" />
}
