import { Button, Code, Group, ScrollArea, Stack, Text, Title } from '@mantine/core'
import { exportConfig } from '../../../src/api/config/contract.ts'
import { useApi } from '../../lib/use-api.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DownloadIcon } from '../../ui/icons.tsx'
import { Loaded } from '../../ui/loaded.tsx'

/** The server's current config, to copy or download. */
export function ExportConfig() {
  const config = useApi(exportConfig, {})
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Export
        </Title>
        <Button
          component="a"
          href={exportConfig.path}
          download="tailrace.yaml"
          variant="default"
          leftSection={<DownloadIcon size={16} />}
        >
          Download
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        Secrets that were entered directly appear as {'${VARIABLES}'}. Set these variables where you use the file.
      </Text>
      <Loaded query={config}>
        {(yaml) => (
          <div style={{ position: 'relative' }}>
            <ScrollArea.Autosize
              mah={560}
              type="auto"
              viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Current tailrace.yaml' }}
            >
              <Code block style={{ minWidth: 'max-content' }}>
                {yaml}
              </Code>
            </ScrollArea.Autosize>
            <div style={{ position: 'absolute', top: 8, right: 8 }}>
              <CopyButton value={yaml} label="Copy the file" />
            </div>
          </div>
        )}
      </Loaded>
    </Stack>
  )
}
