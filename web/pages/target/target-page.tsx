import { ConnectionPage } from '../../ui/connection/connection-page.tsx'

export function TargetPage() {
  return <ConnectionPage kind="targets" />
}
