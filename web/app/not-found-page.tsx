import { Text } from '@mantine/core'
import { ButtonLink } from '../ui/link.tsx'
import { Page } from '../ui/page.tsx'

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <Text mb="md">The address may be mistyped, or what it led to may be gone.</Text>
      <ButtonLink to="/activations">Go to Activations</ButtonLink>
    </Page>
  )
}
