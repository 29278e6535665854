import { Button, Stack, Text } from '@mantine/core'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Page } from '../ui/page.tsx'
import { ButtonLink } from '../ui/link.tsx'

/** Shown instead of a page that threw an error; the left bar stays. */
export function ErrorPage({ error }: { readonly error: unknown }) {
  return (
    <Page title="This page could not be shown">
      <Stack maw={640}>
        <ErrorPanel error={error} />
        <Text c="dimmed">
          Your Activations are not affected: only this page failed. After an upgrade of the server, reload the page.
        </Text>
        <div>
          <Button onClick={() => location.reload()}>Reload the page</Button>
        </div>
      </Stack>
    </Page>
  )
}

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Text mb="md">The address may be mistyped, or the object may have been deleted.</Text>
      <ButtonLink to="/activations">Go to Activations</ButtonLink>
    </Page>
  )
}
