import { ConnectionsPage } from '../../features/connection/connections-page.tsx'

export function TargetsPage() {
  return <ConnectionsPage kind="targets" />
}
