import { Text } from '@mantine/core'
import type { z } from 'zod'
import type { runRecord } from '../../../src/api/runs/contract.ts'
import { operationWord, reasonWord } from '../../../src/model/words/plan-lines.ts'
import { recordLooks } from '../../lib/status-words.ts'
import { BeforeAfter } from '../../ui/before-after.tsx'
import type { Column } from '../../ui/table/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { When } from '../../ui/when.tsx'

type RunRecord = z.output<typeof runRecord>

export function recordColumns(activation: string): readonly Column<RunRecord>[] {
  return [
    {
      header: 'Record',
      cell: ({ record, targetId }) => (
        <div>
          <Link
            to="/activations/$activation/{-$tab}"
            params={{ activation, tab: 'record' }}
            search={{ identifier: record }}
            size="sm"
            fw={600}
          >
            {record}
          </Link>
          {targetId !== null && targetId !== record && (
            <Text size="xs" c="dimmed">
              id {targetId}
            </Text>
          )}
        </div>
      ),
    },
    {
      header: 'Operation',
      cell: ({ operation, groups, reason }) => (
        <div>
          <Text size="sm">
            {operationWord(operation)}
            {groups.length > 0 && ` ${groups.join(', ')}`}
          </Text>
          <Text size="xs" c="dimmed">
            {reasonWord(reason)}
          </Text>
        </div>
      ),
    },
    { header: 'Outcome', cell: ({ status }) => <StatusBadge look={recordLooks[status]} /> },
    { header: 'Message', isWide: true, width: '34%', cell: (record) => <Answer record={record} /> },
    {
      header: 'Time',
      cell: ({ at }) => (
        <Text size="sm" component="span">
          <When at={at} />
        </Text>
      ),
    },
  ]
}

function Answer({
  record: { code, message, field, httpStatus, requestId, before, after },
}: {
  readonly record: RunRecord
}) {
  const facts = [
    field !== null && `field ${field}`,
    httpStatus !== null && `HTTP ${httpStatus}`,
    requestId !== null && `request ${requestId}`,
  ].filter((fact) => fact !== false)
  const hasValues = Object.keys(before ?? {}).length + Object.keys(after ?? {}).length > 0
  return (
    <div style={{ textAlign: 'left' }}>
      {message !== null && <Text size="sm">{message}</Text>}
      {(code !== null || facts.length > 0) && (
        <Text size="xs" c="dimmed">
          {code !== null && (
            <Link to="/errors/$code" params={{ code }} size="xs">
              <code>{code}</code>
            </Link>
          )}
          {code !== null && facts.length > 0 && ' · '}
          {facts.join(' · ')}
        </Text>
      )}
      {hasValues && (
        <details style={{ fontSize: '0.8125rem' }}>
          <summary style={{ cursor: 'pointer' }}>Before and after</summary>
          <BeforeAfter before={before} after={after} />
        </details>
      )}
    </div>
  )
}
