import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { operationWord, reasonWord, skipWord, type PlanAbout } from '../../../src/model/words/plan-lines.ts'
import type { Plan } from './use-plan.ts'
import { ChangeList } from '../../ui/change-list.tsx'
import { DataTable, type Column } from '../../ui/table/data-table.tsx'

const shownFirst = 8

type Line = Plan['sample'][number]

/** The first lines of a plan, with the values that would be written. */
export function PlanSample({ lines, about }: { readonly lines: readonly Line[]; readonly about: PlanAbout }) {
  const [isWhole, setIsWhole] = useState(lines.length <= shownFirst + 2)
  const hasValues = lines.some(({ fields }) => fields !== undefined)
  const columns: readonly Column<Line & { readonly at: number }>[] = [
    { header: 'Record', cell: ({ record }) => <code>{record}</code> },
    {
      header: 'What',
      cell: ({ operation, group }) => (
        <>
          {operationWord(operation)}
          {group !== undefined && ` “${group}”`}
        </>
      ),
    },
    ...(hasValues ? [{ header: 'Values', isWide: true, cell: (line: Line) => <Values line={line} /> }] : []),
    {
      header: 'Why',
      cell: ({ reason, code, message }) => (
        <>
          {reasonWord(reason)}
          {(message ?? code ?? reason) !== reason && (
            <Text size="xs" c="dimmed">
              {message ?? skipWord(code ?? '', about)}
            </Text>
          )}
        </>
      ),
    },
  ]
  const shown = lines.slice(0, isWhole ? lines.length : shownFirst).map((line, at) => ({ ...line, at }))
  return (
    <DataTable
      caption="Sample of the plan"
      columns={columns}
      items={shown}
      keyOf={({ at }) => at}
      foot={
        isWhole ? undefined : (
          <Button variant="subtle" size="xs" onClick={() => setIsWhole(true)}>
            Show {lines.length - shownFirst} more
          </Button>
        )
      }
    />
  )
}

function Values({ line: { fields, before } }: { readonly line: Line }) {
  if (fields === undefined)
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    )
  return (
    <ChangeList
      changes={Object.entries(fields).map(([key, to]) => ({ key, from: before?.[key], to }))}
      isNew={before === undefined}
    />
  )
}
