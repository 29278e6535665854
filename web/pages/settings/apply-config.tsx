import { Button, Checkbox, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { z } from 'zod'
import { applyConfig, type configChange } from '../../../src/api/config/contract.ts'
import { plural } from '../../lib/format.ts'
import { useAction } from '../../lib/use-api.ts'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'

type Change = z.output<typeof configChange>

/** A tailrace.yaml into the server: first what would change, then exactly that. */
export function ApplyConfig() {
  const [yaml, setYaml] = useState('')
  const [prune, setPrune] = useState(false)
  const show = useAction(applyConfig, { quiet: true })
  const apply = useAction(applyConfig, { quiet: true, done: ({ changes }) => `${plural(changes.filter(({ what }) => what !== 'same').length, 'change')} applied.`, onDone: () => show.reset() })
  const changed = (text: string): void => {
    setYaml(text)
    show.reset()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    show.mutate({ body: { yaml, prune } })
  }
  const changes = show.data?.changes.filter(({ what }) => what !== 'same') ?? []
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" mt="lg">
        <Title order={3} size="h5">Apply a tailrace.yaml</Title>
        <Textarea
          label="Its text" description="What the file names is brought in step with it; what it does not name stays, unless you remove it. You see the changes first." autosize minRows={5} maxRows={20} spellCheck={false}
          value={yaml} onChange={(event) => changed(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.85rem' } }}
        />
        <Checkbox label="Also remove what the file does not name" checked={prune} onChange={(event) => { setPrune(event.currentTarget.checked); show.reset() }} />
        <Group><Button type="submit" variant="default" disabled={yaml.trim() === ''} loading={show.isPending}>Show the changes</Button></Group>
        {show.isError && <ErrorPanel error={show.error} />}
        <div role="status">{show.data !== undefined && changes.length === 0 && <Text size="sm">Nothing differs: the server is in step with this file.</Text>}</div>
        {show.data !== undefined && changes.length > 0 && (
          <>
            <DataTable caption="What would change" isCaptionShown columns={columns} items={changes} keyOf={({ section, name }) => `${section} ${name}`} />
            {apply.isError && <ErrorPanel error={apply.error} />}
            <Group><Button loading={apply.isPending} onClick={() => apply.mutate({ body: { yaml, prune, apply: true, expect: show.data.hash } })}>Apply {plural(changes.length, 'change')}</Button></Group>
          </>
        )}
      </Stack>
    </form>
  )
}

const sections: Readonly<Record<Change['section'], string>> = { warehouses: 'Warehouse', targets: 'Target', activations: 'Activation' }

const columns: readonly Column<Change>[] = [
  { header: 'What', cell: ({ section, name }) => `${sections[section]} ${name}` },
  { header: 'Change', cell: ({ what }) => what },
  { header: 'Settings', isWide: true, width: '50%', cell: ({ keys }) => <div>{keys.map(({ key, from, to }) => <div key={key}><code>{key}</code>: {from ?? '(not set)'} → {to ?? '(not set)'}</div>)}</div> },
]
