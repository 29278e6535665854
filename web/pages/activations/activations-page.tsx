import { Page } from '../../ui/page.tsx'

export function ActivationsPage() {
  return <Page title="Activations"><p>…</p></Page>
}
