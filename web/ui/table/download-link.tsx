import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { DownloadIcon } from '../icons.tsx'

/** A file from the API: `<DownloadLink href={addressOf(exportRunRecords, …)}>Export CSV</DownloadLink>`. */
export function DownloadLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Button component="a" href={href} download variant="default" size="xs" leftSection={<DownloadIcon size={14} />}>
      {children}
    </Button>
  )
}
