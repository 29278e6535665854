import { Button, Stack, Text } from '@mantine/core'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Page } from '../ui/page.tsx'

/** Shown instead of a page that threw an error; the left bar stays. */
export function ErrorPage({ error }: { readonly error: unknown }) {
  return (
    <Page title="This page could not be shown">
      <Stack maw={640}>
        <ErrorPanel error={error} />
        <Text c="dimmed">Your Activations are not touched by this: only the page has a fault. After an upgrade of the server, loading it again is enough.</Text>
        <div><Button onClick={() => location.reload()}>Load the page again</Button></div>
      </Stack>
    </Page>
  )
}
