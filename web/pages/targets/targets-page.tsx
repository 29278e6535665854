import { ConnectionsPage } from '../../ui/connection/connections-page.tsx'

export function TargetsPage() {
  return <ConnectionsPage kind="targets" />
}
