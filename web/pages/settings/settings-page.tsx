import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { readSettings, readStatus } from '../../../src/api/status/contract.ts'
import { count, plural } from '../../lib/format.ts'
import { useApi } from '../../lib/use-api.ts'
import { Figures } from '../../ui/figures.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { ButtonLink } from '../../ui/link.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { WorkersSection } from './workers-section.tsx'

export function SettingsPage() {
  const status = useApi(readStatus, {}, { everyMs: 30_000 })
  const settings = useApi(readSettings, {})
  return (
    <Page title="Settings" subtitle="This server, and the data that it keeps.">
      <Stack gap="lg">
        <Loaded query={status}>
          {({ counts, version, startedAt, database, worker, access }) => (
            <>
              <Figures
                label="Totals"
                items={[
                  { label: 'Warehouses', value: counts.warehouses },
                  { label: 'Targets', value: counts.targets },
                  { label: 'Activations', value: counts.activations },
                  { label: 'Runs', value: counts.runs },
                ]}
              />
              <Section title="Server">
                <KeyValue
                  pairs={[
                    { key: 'Version', value: version },
                    { key: 'Started', value: <When at={startedAt} /> },
                    {
                      key: 'Control database',
                      value: `PostgreSQL ${database.version}, ${database.kind === 'embedded' ? 'embedded: started and stopped with this server' : 'your own (DATABASE_URL)'}`,
                    },
                    {
                      key: 'Worker',
                      value: `${worker.id}: ${plural(worker.running, 'Run')} in progress, at most ${count(worker.concurrency)} at the same time`,
                    },
                    {
                      key: 'Access',
                      value:
                        access === 'password'
                          ? "with the server's password"
                          : 'only from this machine, without a password',
                    },
                  ]}
                />
              </Section>
            </>
          )}
        </Loaded>
        <Section title="Workers">
          <WorkersSection />
        </Section>
        <Loaded query={settings}>
          {({ keepRunsDays, concurrency, home, configFile }) => (
            <Section title="Data retention">
              <KeyValue
                pairs={[
                  { key: 'Runs and their records', value: `for ${plural(keepRunsDays, 'day')}` },
                  { key: 'Runs at the same time', value: count(concurrency) },
                  { key: 'State folder', value: <code>{home}</code> },
                  {
                    key: 'Configuration file',
                    value:
                      configFile === null ? (
                        'none: the config is saved in the control database'
                      ) : (
                        <code>{configFile}</code>
                      ),
                  },
                ]}
              />
            </Section>
          )}
        </Loaded>
        <Section title="tailrace.yaml">
          <Text size="sm" mb="sm">
            All Warehouses, Targets and Activations as one file, for version control or another server. Secrets that
            were entered directly appear as {'${VARIABLES}'}, never as values.
          </Text>
          <ButtonLink to="/config" variant="default">
            Open tailrace.yaml
          </ButtonLink>
        </Section>
      </Stack>
    </Page>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="md" aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  )
}
