import { ConnectionPage } from '../../features/connection/connection-page.tsx'

export function TargetPage() {
  return <ConnectionPage kind="targets" />
}
