import { Button, Paper, Stack, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useParams } from '@tanstack/react-router'
import { readConnection } from '../../../src/api/connections/contract.ts'
import { moment } from '../../lib/format.ts'
import { healthLooks } from '../../lib/status-words.ts'
import { useApi } from '../../lib/use-api.ts'
import { TroublePanel } from '../../ui/error-panel.tsx'
import { TrashIcon } from '../../ui/icons.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { When } from '../../ui/when.tsx'
import { ActivationLinks } from '../activation/activation-links.tsx'
import type { Connection } from './connection.ts'
import { DeleteConnection } from './delete-connection.tsx'
import { EditConnection } from './edit-connection.tsx'
import { kindWords, type Kind } from './kind-words.ts'
import { LimitsUse } from './limits-use.tsx'
import { Reauthorise } from './reauthorise.tsx'

/** One Warehouse or Target: its health, its Activations, its settings. */
export function ConnectionPage({ kind }: { readonly kind: Kind }) {
  const { name = '' } = useParams({ strict: false }) as { readonly name?: string }
  const connection = useApi(readConnection, { params: { kind, name } }, { everyMs: 30_000 })
  const { many } = kindWords[kind]
  const { data } = connection
  return (
    <Page
      title={name}
      tabTitle={`${name} · ${many}`}
      crumbs={[{ label: many, to: `/${kind}` }]}
      beside={data === undefined ? undefined : <StatusBadge look={healthLooks[data.health.state]} />}
      actions={data === undefined ? undefined : <Actions kind={kind} connection={data} />}
    >
      <Loaded query={connection}>{(loaded) => <Content key={loaded.name} kind={kind} connection={loaded} />}</Loaded>
    </Page>
  )
}

function Actions({ kind, connection }: { readonly kind: Kind; readonly connection: Connection }) {
  const [isDeleting, deleting] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={<TrashIcon size={16} />} onClick={deleting.open}>
        Delete
      </Button>
      <Reauthorise kind={kind} connection={connection} />
      <DeleteConnection kind={kind} connection={connection} opened={isDeleting} onClose={deleting.close} />
    </>
  )
}

function Content({ kind, connection }: { readonly kind: Kind; readonly connection: Connection }) {
  const { type, health, usedBy, updatedAt, limits } = connection
  const trouble = {
    title: 'The last connection test failed',
    message: health.message ?? 'No details are known.',
    advice: health.advice,
    code: health.code ?? '',
  }
  return (
    <Stack gap="lg" maw={820}>
      {health.state === 'bad' && <TroublePanel trouble={trouble} />}
      {health.state === 'unknown' && <Notice tone="quiet">Not tested yet. TEST &amp; SAVE below tests it.</Notice>}
      <Paper withBorder p="md" bg="var(--panel)">
        <KeyValue
          pairs={[
            { key: 'Type', value: type },
            { key: 'Last tested', value: <When at={health.at} /> },
            { key: 'Used by', value: usedBy.length === 0 ? 'No Activation' : <ActivationLinks names={usedBy} /> },
            ...(kind === 'targets' ? [{ key: 'Rate limits', value: <LimitsUse limits={limits} /> }] : []),
            { key: 'Last changed', value: moment(new Date(updatedAt)) },
          ]}
        />
      </Paper>
      <Paper withBorder p="md" bg="var(--panel)">
        <Title order={2} size="h4" mb="md">
          Settings
        </Title>
        <EditConnection kind={kind} connection={connection} />
      </Paper>
    </Stack>
  )
}
