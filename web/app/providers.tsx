import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import type { Children } from '../lib/page-spec.ts'
import { theme } from './theme.ts'

const colorScheme = localStorageColorSchemeManager({ key: 'tailrace-color-scheme' })

export function Providers({ client, children }: Children & { readonly client: QueryClient }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorScheme}>
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" limit={4} />
        {children}
      </QueryClientProvider>
    </MantineProvider>
  )
}
