import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { freeActivation, listWorkers } from '../../../src/api/workers/contract.ts'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import { duration, plural } from '../../lib/format.ts'
import { useAction, useApi } from '../../lib/use-api.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataTable, type Column } from '../../ui/table/data-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { When } from '../../ui/when.tsx'

type Worker = ReplyOf<typeof listWorkers>['items'][number]

const kinds: Readonly<Record<Worker['kind'], string>> = { server: 'Server', worker: 'Worker', command: 'Command' }

/** The processes that use this control database, with their last heartbeat. */
export function WorkersSection() {
  const workers = useApi(listWorkers, {}, { everyMs: 5000 })
  const [asked, setAsked] = useState<{ readonly worker: Worker; readonly activation: string } | null>(null)
  const free = useAction(freeActivation, {
    quiet: true,
    onDone: () => setAsked(null),
    done: ({ freed, runs, unconfirmed }, { params }) =>
      freed
        ? `${params.activation} is free: ${plural(runs, 'Run')} interrupted, ${plural(unconfirmed, 'record')} unconfirmed`
        : `No process holds ${params.activation}`,
  })
  const columns: readonly Column<Worker>[] = [
    { header: 'Worker', cell: ({ name }) => name },
    {
      header: 'Kind',
      cell: ({ kind, concurrency }) =>
        concurrency === 0 ? kinds[kind] : `${kinds[kind]}, ${plural(concurrency, 'Run')} at the same time`,
    },
    { header: 'Version', cell: ({ version }) => version },
    { header: 'Started', cell: ({ startedAt }) => <When at={startedAt} /> },
    { header: 'Last heartbeat', cell: (worker) => <Heartbeat {...worker} /> },
    {
      header: 'Activations',
      isWide: true,
      cell: (worker) =>
        worker.holds.length === 0 ? (
          '–'
        ) : (
          <Stack gap={4}>
            {worker.holds.map(({ activation, run }) => (
              <span key={activation}>
                {activation}
                {run !== null && ` (Run ${run})`}{' '}
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Free ${activation}…`}
                  onClick={() => setAsked({ worker, activation })}
                >
                  Free…
                </Button>
              </span>
            ))}
          </Stack>
        ),
    },
  ]
  return (
    <>
      <Loaded query={workers}>
        {({ items }) => (
          <DataTable
            caption="Workers"
            columns={columns}
            items={items}
            keyOf={({ name, startedAt }) => `${name} ${startedAt}`}
          />
        )}
      </Loaded>
      <ConfirmDialog
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={`Free ${asked?.activation ?? ''}?`}
        verb="Free"
        danger
        busy={free.isPending}
        error={free.error}
        onConfirm={() => {
          if (asked !== null) free.mutate({ params: { activation: asked.activation } })
        }}
      >
        <Text size="sm">
          {asked?.worker.name} holds this Activation; its last heartbeat was {duration(asked?.worker.silentMs ?? 0)}{' '}
          ago. After this the process can write nothing more, and its Run ends as interrupted. Records in flight are
          unconfirmed: the next Run reads them before it sends them again.
        </Text>
      </ConfirmDialog>
    </>
  )
}

function Heartbeat({ seenAt, alive, silentMs }: Worker) {
  return alive ? (
    <When at={seenAt} />
  ) : (
    <Text size="sm" component="span" c="red" fw={600}>
      {duration(silentMs)} ago: gone
    </Text>
  )
}
