import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { z } from 'zod'
import { verifyActivation } from '../../../../src/api/activations/contract.ts'
import { listDrift } from '../../../../src/api/records/contract.ts'
import type { Nouns } from '../../../../src/model/noun.ts'
import { amount } from '../../../../src/model/words/amounts.ts'
import { driftWords, verifiedParts, verifiedTitle } from '../../../../src/model/words/verify-words.ts'
import { count } from '../../../lib/format.ts'
import { useAction, usePages } from '../../../lib/use-api.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { CursorTable } from '../../../ui/table/cursor-table.tsx'
import type { Column } from '../../../ui/table/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { ErrorPanel } from '../../../ui/error-panel.tsx'
import { Figures } from '../../../ui/figures.tsx'
import { CheckIcon, SearchIcon } from '../../../ui/icons.tsx'
import { Link } from '../../../ui/link.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { When } from '../../../ui/when.tsx'
import type { TabProps } from '../activation-tab.ts'

type Drifted = z.output<typeof listDrift.reply>['items'][number]

/** External changes since our last write, found by verify. */
export function DriftTab({ activation: { name, nouns, standing } }: TabProps) {
  const query = usePages(listDrift, { params: { activation: name } })
  const [isAsking, asking] = useDisclosure()
  const act = useAction(verifyActivation, { quiet: true, onDone: asking.close })
  const last = query.data?.pages[0]?.last ?? null
  const verify = (repair: boolean): void => act.mutate({ params: { activation: name }, body: { repair } })
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Text maw={620} c="dimmed">
          Reads back what this Activation wrote to the Target ({amount(standing.held, nouns.record)}), and compares it.
          Verify writes nothing to the Target.
        </Text>
        <Group gap="xs">
          <Button variant="default" disabled={act.isPending} onClick={asking.open}>
            Verify and repair…
          </Button>
          <Button leftSection={<SearchIcon size={16} />} loading={act.isPending} onClick={() => verify(false)}>
            Verify now
          </Button>
        </Group>
      </Group>
      {act.isError && !isAsking && <ErrorPanel error={act.error} />}
      <div role="status">{act.data !== undefined && <Verified answer={act.data} nouns={nouns} />}</div>
      {last !== null && (
        <Figures
          label="Last verified"
          items={[
            {
              label: 'Last verified',
              value: (
                <Text size="md" fw={600} component="span">
                  <When at={last.at} />
                </Text>
              ),
            },
            { label: 'Confirmed', value: last.confirmed, tone: 'good' },
            {
              label: 'Changed by others',
              value: last.missing,
              tone: 'bad',
              meaning: 'The Target no longer holds what this Activation wrote.',
            },
            { label: 'Could not be read', value: last.pending, tone: 'warn' },
          ]}
        />
      )}
      <CursorTable
        query={query}
        caption={`Drift of ${name}`}
        noun="record"
        columns={columnsOf(name, nouns)}
        keyOf={({ record }) => record}
        empty={
          last === null ? (
            <Empty title="Not verified yet" icon={<SearchIcon size={24} />}>
              Press Verify now to see whether someone changed in the Target what Tailrace wrote.
            </Empty>
          ) : (
            <Empty title="No drift" icon={<CheckIcon size={24} />}>
              The last verification found no record that was changed. The figures above say how many were read.
            </Empty>
          )
        }
      />
      <ConfirmDialog
        opened={isAsking}
        onClose={asking.close}
        title="Verify and repair?"
        verb="Verify and repair"
        busy={act.isPending}
        error={act.error}
        onConfirm={() => verify(true)}
      >
        <Text size="sm">
          The next Run writes again what others removed or changed. What others added themselves stays.
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}

function Verified({
  answer,
  nouns,
}: {
  readonly answer: z.output<typeof verifyActivation.reply>
  readonly nouns: Nouns
}) {
  const { synced, due, notices } = answer
  const found = [
    ...verifiedParts(answer, synced),
    ...(due > 0 ? [`${count(due)} to be written again by the next Run`] : []),
  ]
  const isAll = answer.confirmed === synced
  return (
    <Notice tone={isAll ? 'good' : 'warn'} title={verifiedTitle(answer, synced, nouns)}>
      <Text size="sm">{found.join(' · ')}</Text>
      {notices.map(({ words }) => (
        <Text key={words} size="sm">
          {words}
        </Text>
      ))}
    </Notice>
  )
}

function columnsOf(activation: string, nouns: Nouns): readonly Column<Drifted>[] {
  return [
    {
      header: 'Record',
      cell: ({ record }) => (
        <Link
          to="/activations/$activation/{-$tab}"
          params={{ activation, tab: 'record' }}
          search={{ identifier: record }}
          size="sm"
          fw={600}
        >
          {record}
        </Link>
      ),
    },
    {
      header: 'What was found',
      isWide: true,
      cell: ({ what, members }) => driftWords(what, members, nouns),
    },
    {
      header: 'Seen',
      cell: ({ seenAt }) => (
        <Text size="sm" component="span">
          <When at={seenAt} />
        </Text>
      ),
    },
    { header: 'Next Run', cell: ({ due }) => (due ? 'writes it again' : 'does not change it') },
  ]
}
