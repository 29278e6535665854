import { Box, Code, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import { listExchanges, type exchange } from '../../../../src/api/runs/contract.ts'
import { indentJson } from '../../../../src/model/indent-json.ts'
import { plural } from '../../../lib/format.ts'
import { useApi } from '../../../lib/use-api.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Loaded } from '../../../ui/loaded.tsx'

type Exchange = z.output<typeof exchange>

interface RequestAndAnswerProps {
  readonly run: number
  readonly record: string
  /** The failure's code: only requests of this failure are shown. */
  readonly code: string
}

/** Requests and answers of a failed Record, loaded when opened. */
export function RequestAndAnswer({ run, record, code }: RequestAndAnswerProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Box component="details" mt={4} fz="xs" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary aria-label={`Request and answer of ${record}`} style={{ cursor: 'pointer' }}>
        Request and answer
      </summary>
      {isOpen && <Exchanges run={run} record={record} code={code} />}
    </Box>
  )
}

function Exchanges({ run, record, code }: RequestAndAnswerProps) {
  const query = useApi(listExchanges, { params: { run }, query: { record } })
  return (
    <Loaded query={query}>
      {({ items, keptOfReason }) => {
        const shown = items.filter((item) => item.code === code)
        if (shown.length === 0)
          return (
            <Text size="xs" mt={4}>
              No request is kept for this record. A Run keeps only the requests of the first {keptOfReason} records of
              each reason, if a request was sent.
            </Text>
          )
        return (
          <Stack gap="md" mt={6}>
            {shown.map((item) => (
              <OneExchange key={item.ordinal} exchange={item} />
            ))}
          </Stack>
        )
      }}
    </Loaded>
  )
}

function OneExchange({
  exchange: { method, path, request, httpStatus, answer, trouble },
}: {
  readonly exchange: Exchange
}) {
  return (
    <div>
      <Text size="xs" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {method} {path}
      </Text>
      {request === null ? (
        <Text size="xs" c="dimmed">
          without a body
        </Text>
      ) : (
        <Body name="request" of={request} />
      )}
      <Text size="xs" fw={600} mt={6} style={{ overflowWrap: 'anywhere' }}>
        {httpStatus === null ? 'No answer' : `Answered ${httpStatus}`}
        {trouble !== null && `: ${trouble}`}
      </Text>
      {answer !== null && <Body name="answer" of={answer} />}
    </div>
  )
}

function Body({
  name,
  of: { text, size, cut },
}: {
  readonly name: string
  readonly of: NonNullable<Exchange['request']>
}) {
  return (
    <div>
      <Code
        block
        mah={320}
        style={{ overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        tabIndex={0}
        role="region"
        aria-label={`The ${name}`}
      >
        {indentJson(text)}
      </Code>
      {cut && (
        <Text size="xs" c="dimmed">
          Truncated: the first 4 kB of {plural(size, 'byte')}.
        </Text>
      )}
      <CopyButton value={text} label={`Copy the ${name}`} />
    </div>
  )
}
