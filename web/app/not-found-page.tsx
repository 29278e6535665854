import { Text } from '@mantine/core'
import { ButtonLink } from '../ui/link.tsx'
import { Page } from '../ui/page.tsx'

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Text mb="md">The address may be mistyped, or the object may have been deleted.</Text>
      <ButtonLink to="/activations">Go to Activations</ButtonLink>
    </Page>
  )
}
