import { ConnectionsPage } from '../../ui/connection/connections-page.tsx'

export function WarehousesPage() {
  return <ConnectionsPage kind="warehouses" />
}
