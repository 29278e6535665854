import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { readRecord } from '../../../../src/api/records/contract.ts'
import { useApi } from '../../../lib/use-api.ts'
import { useSearchState } from '../../../lib/use-search-state.ts'
import { Empty } from '../../../ui/empty.tsx'
import { SearchIcon } from '../../../ui/icons.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import type { TabProps } from '../activation-tab.ts'
import { StoryEvent } from './story-event.tsx'

/** The UI of `tailrace why`: the history of one Record, and its current state. */
export function RecordTab({ activation: { name } }: TabProps) {
  const [{ identifier = '' }, setSearch] = useSearchState<{ identifier: string }>()
  return (
    <Stack gap="lg">
      <IdentifierForm key={identifier} start={identifier} onSearch={(text) => setSearch({ identifier: text })} />
      {identifier === '' ? (
        <Empty title="History of one record" icon={<SearchIcon size={24} />}>
          Enter an identifier as the query returns it, such as an id. This page then shows what each Run planned for the
          record, its values before and after, and its current state.
        </Empty>
      ) : (
        <Story activation={name} identifier={identifier} />
      )}
    </Stack>
  )
}

function IdentifierForm({ start, onSearch }: { readonly start: string; readonly onSearch: (text: string) => void }) {
  const [typed, setTyped] = useState(start)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed.trim() !== '') onSearch(typed.trim())
  }
  return (
    <form onSubmit={submit} role="search">
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Identifier"
          description="As the query returns it"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          w={{ base: '100%', xs: 380 }}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" leftSection={<SearchIcon size={16} />}>
          Search
        </Button>
      </Group>
    </form>
  )
}

function Story({ activation, identifier }: { readonly activation: string; readonly identifier: string }) {
  const query = useApi(readRecord, { params: { activation }, query: { identifier } })
  return (
    <Loaded query={query}>
      {({ record, known, targetId, now, author, next, events }) =>
        !known ? (
          <Empty title="Not a record of this Activation" icon={<SearchIcon size={24} />}>
            {now}
          </Empty>
        ) : (
          <Stack gap="md">
            <Paper withBorder p="md">
              <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
                {record}
              </Title>
              {targetId !== null && targetId !== record && (
                <Text size="sm" c="dimmed">
                  id <code>{targetId}</code> in the Target
                </Text>
              )}
              <Text mt={6}>
                {now} {author.join(' ')}
              </Text>
              {next !== null && (
                <Text size="sm" c="dimmed" mt={4}>
                  Next Run: {next}
                </Text>
              )}
            </Paper>
            {events.length > 0 && (
              <Stack
                component="ol"
                gap="sm"
                p={0}
                m={0}
                style={{ listStyle: 'none' }}
                aria-label="What happened, newest first"
              >
                {events
                  .toSorted((a, b) => b.at.localeCompare(a.at))
                  .map((event) => (
                    <StoryEvent
                      key={`${event.run} ${event.at} ${event.operation} ${event.status}`}
                      record={record}
                      event={event}
                    />
                  ))}
              </Stack>
            )}
          </Stack>
        )
      }
    </Loaded>
  )
}
