import { Button, Checkbox, FileButton, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useState } from 'react'
import { applyConfig } from '../../../src/api/config/contract.ts'
import { plural } from '../../lib/format.ts'
import { useAction } from '../../lib/use-api.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ConfigChanges } from './config-changes.tsx'

/** Applies a file to the server: shows the changes first, then applies exactly these. */
export function ApplyConfig() {
  const [yaml, setYaml] = useState('')
  const [prune, setPrune] = useState(false)
  const show = useAction(applyConfig, { quiet: true })
  const apply = useAction(applyConfig, {
    quiet: true,
    done: ({ changes }) => `Applied: ${plural(changes.filter(({ what }) => what !== 'same').length, 'change')}.`,
  })
  const change = (text: string): void => {
    setYaml(text)
    show.reset()
    apply.reset()
  }
  const shown = show.data
  const count = shown?.changes.filter(({ what }) => what !== 'same').length ?? 0
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Apply
        </Title>
        <FileButton
          accept=".yaml,.yml,text/yaml,application/yaml"
          onChange={(file) => {
            if (file !== null) void file.text().then(change)
          }}
        >
          {(props) => (
            <Button {...props} variant="default">
              Open a file
            </Button>
          )}
        </FileButton>
      </Group>
      <Text size="sm" c="dimmed">
        The file overrides the saved entries with the same names. You see every change before it is saved.
      </Text>
      <Textarea
        label="Content of the file"
        placeholder="Paste a tailrace.yaml"
        value={yaml}
        onChange={(event) => change(event.currentTarget.value)}
        autosize
        minRows={10}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Checkbox
        label="Remove entries that the file does not contain"
        description="Otherwise they stay as they are."
        checked={prune}
        onChange={(event) => {
          setPrune(event.currentTarget.checked)
          show.reset()
          apply.reset()
        }}
      />
      {show.isError && <ErrorPanel error={show.error} />}
      {apply.isError && <ErrorPanel error={apply.error} />}
      {apply.isSuccess ? (
        <Notice tone="good" role="status" title="Applied">
          The saved config now matches the file.
        </Notice>
      ) : (
        shown !== undefined && <ConfigChanges changes={shown.changes} />
      )}
      <Group justify="flex-end" gap="xs">
        <Button
          variant={shown === undefined ? 'filled' : 'default'}
          disabled={yaml.trim() === ''}
          loading={show.isPending}
          onClick={() => {
            apply.reset()
            show.mutate({ body: { yaml, prune } })
          }}
        >
          SHOW CHANGES
        </Button>
        {shown !== undefined && count > 0 && !apply.isSuccess && (
          <Button
            loading={apply.isPending}
            onClick={() => apply.mutate({ body: { yaml, prune, apply: true, expect: shown.hash } })}
          >
            APPLY {plural(count, 'CHANGE', 'CHANGES')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
