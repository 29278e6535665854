import { ConnectionPage } from '../../features/connection/connection-page.tsx'

export function WarehousePage() {
  return <ConnectionPage kind="warehouses" />
}
