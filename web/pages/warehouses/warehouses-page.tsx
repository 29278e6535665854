import { ConnectionsPage } from '../../features/connection/connections-page.tsx'

export function WarehousesPage() {
  return <ConnectionsPage kind="warehouses" />
}
