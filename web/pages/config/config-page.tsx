import { Paper, SimpleGrid } from '@mantine/core'
import { Page } from '../../ui/page.tsx'
import { ApplyConfig } from './apply-config.tsx'
import { ExportConfig } from './export-config.tsx'

/** Exports and applies the server's whole config as one file. */
export function ConfigPage() {
  return (
    <Page
      title="tailrace.yaml"
      subtitle="All Warehouses, Targets and Activations as one file, for version control, reviews, or another server."
    >
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Paper withBorder p="md" bg="var(--panel)" miw={0}>
          <ApplyConfig />
        </Paper>
        <Paper withBorder p="md" bg="var(--panel)" miw={0}>
          <ExportConfig />
        </Paper>
      </SimpleGrid>
    </Page>
  )
}
