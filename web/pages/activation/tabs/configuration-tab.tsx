import { Code, Group, Paper, Stack, Text, Title, Tooltip } from '@mantine/core'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { ShieldIcon } from '../../../ui/icons.tsx'
import { KeyValue, type Pair } from '../../../ui/key-value.tsx'
import { ButtonLink } from '../../../ui/link.tsx'
import { When } from '../../../ui/when.tsx'
import type { Activation, TabProps } from '../activation-tab.ts'
import { EditSettings, EditQuery } from '../edit-buttons.tsx'
import { settingGroups, settingLabel, settingWords } from './setting-words.ts'

/** All settings in words; immutable ones with the reason. */
export function ConfigurationTab({ activation }: TabProps) {
  const { config, frozen: immutable, name, updatedAt } = activation
  const query = typeof config['query'] === 'string' ? config['query'] : ''
  const named = new Set(['query', ...settingGroups.flatMap(({ keys }) => keys)])
  const others = Object.keys(config).filter((key) => !named.has(key))
  const groups = [...settingGroups, { title: 'Other settings', edit: 'more' as const, keys: others }]
    .map(({ title, edit, keys }) => ({ title, edit, keys: keys.filter((key) => config[key] !== undefined) }))
    .filter(({ keys }) => keys.length > 0)
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" maw={720}>
          Changed <When at={updatedAt} />
          {Object.keys(immutable).length > 0 &&
            '. Settings marked as fixed cannot change after the first Run. A clone under a new name can have other settings, and starts with its own empty state.'}
        </Text>
        <ButtonLink to="/create-activation" search={{ from: name }} variant="default">
          Clone with changes
        </ButtonLink>
      </Group>
      <Paper withBorder p="md" component="section" aria-label="Query">
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h5">
            Query
          </Title>
          <Group gap="xs">
            <CopyButton value={query} label="Copy the query" />
            <EditQuery activation={activation} />
          </Group>
        </Group>
        <Code block tabIndex={0}>
          {query}
        </Code>
      </Paper>
      {groups.map(({ title, edit, keys }) => (
        <Paper key={title} withBorder p="md" component="section" aria-label={title}>
          <Group justify="space-between">
            <Title order={2} size="h5">
              {title}
            </Title>
            <EditSettings activation={activation} section={edit} of={title} />
          </Group>
          <KeyValue pairs={keys.map((key) => pairOf(activation, key))} />
        </Paper>
      ))}
    </Stack>
  )
}

function pairOf({ config, frozen: immutable }: Activation, key: string): Pair {
  const reason = immutable[key]
  const lines = settingWords(key, config[key])
  return {
    key: settingLabel(key),
    value: (
      <Group gap="xs" align="flex-start" justify="space-between" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
        {reason !== undefined && (
          <Tooltip label={reason} multiline maw={320}>
            <Text size="xs" c="dimmed" style={{ flex: 'none' }} aria-disabled>
              <ShieldIcon size={13} /> fixed
            </Text>
          </Tooltip>
        )}
      </Group>
    ),
    remark: reason,
  }
}
