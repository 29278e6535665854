import { ActionIcon, Collapse, Group, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { readSchema } from '../../../../src/api/connections/contract.ts'
import { plural } from '../../../lib/format.ts'
import { useApi } from '../../../lib/use-api.ts'
import { ChevronIcon, PlusIcon, SearchIcon, TableIcon } from '../../../ui/icons.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Loading } from '../../../ui/loading.tsx'
import styles from './schema-browser.module.css'
import type { Tables } from './sql-editor-props.ts'

type Table = Tables[number]

/** Tables and columns of a Warehouse. A click inserts the name into the query. */
export function SchemaBrowser({
  warehouse,
  onInsert,
}: {
  readonly warehouse: string
  readonly onInsert: (name: string) => void
}) {
  const [search, setSearch] = useState('')
  const schema = useApi(readSchema, { params: { name: warehouse } })
  return (
    <section aria-label="Tables and columns" className={styles['panel']}>
      <TextInput
        size="xs"
        aria-label="Search tables and columns"
        placeholder="Search tables and columns"
        leftSection={<SearchIcon size={14} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Loaded query={schema} loading={<Loading rows={4} height={22} label="Loading tables" />}>
        {({ tables, truncated }) => (
          <Tree
            tables={matching(tables, search.trim().toLowerCase())}
            search={search}
            truncated={truncated}
            onInsert={onInsert}
          />
        )}
      </Loaded>
    </section>
  )
}

function Tree({
  tables,
  search,
  truncated,
  onInsert,
}: {
  readonly tables: Tables
  readonly search: string
  readonly truncated: boolean
  readonly onInsert: (name: string) => void
}) {
  if (tables.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {search === ''
          ? 'This Connection sees no tables. A query may still work, for example one that reads files.'
          : 'No table or column with this name.'}
      </Text>
    )
  const severalSchemas = new Set(tables.map(({ schema }) => schema)).size > 1
  return (
    <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Tables' }}>
      <Stack gap={2} component="ul" className={styles['list']}>
        {tables.slice(0, 200).map((table) => (
          <TableEntry
            key={`${table.schema}.${table.name}`}
            table={table}
            isNamedFully={severalSchemas}
            startsOpen={tables.length === 1 || search !== ''}
            onInsert={onInsert}
          />
        ))}
      </Stack>
      {(truncated || tables.length > 200) && (
        <Text size="xs" c="dimmed" mt={6}>
          There are more tables: search for them, or write their names in the query.
        </Text>
      )}
    </ScrollArea.Autosize>
  )
}

function TableEntry({
  table: { schema, name, columns },
  isNamedFully,
  startsOpen,
  onInsert,
}: {
  readonly table: Table
  readonly isNamedFully: boolean
  readonly startsOpen: boolean
  readonly onInsert: (name: string) => void
}) {
  const [isOpen, setIsOpen] = useState(false)
  const open = isOpen || startsOpen
  const full = isNamedFully ? `${quoted(schema)}.${quoted(name)}` : quoted(name)
  return (
    <li>
      <Group gap={4} wrap="nowrap">
        <UnstyledButton
          className={styles['table']}
          aria-expanded={open}
          onClick={() => setIsOpen(!open)}
          title={`${full}: ${plural(columns.length, 'column')}`}
        >
          <ChevronIcon size={14} className={open ? styles['turned'] : undefined} />
          <TableIcon size={14} />
          <span className={styles['name']}>{isNamedFully ? `${schema}.${name}` : name}</span>
        </UnstyledButton>
        <ActionIcon
          variant="subtle"
          size="sm"
          color="gray"
          aria-label={`Insert ${full}`}
          onClick={() => onInsert(full)}
        >
          <PlusIcon size={14} />
        </ActionIcon>
      </Group>
      <Collapse expanded={open}>
        <ul className={styles['columns']}>
          {columns.map((column) => (
            <li key={column.name}>
              <UnstyledButton
                className={styles['column']}
                onClick={() => onInsert(quoted(column.name))}
                aria-label={`Insert ${column.name}, ${column.type}`}
              >
                <span className={styles['name']}>{column.name}</span>
                <span className={styles['type']}>{column.type}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </Collapse>
    </li>
  )
}

function matching(tables: Tables, search: string): Tables {
  if (search === '') return tables
  return tables.flatMap((table) => {
    if (`${table.schema}.${table.name}`.toLowerCase().includes(search)) return [table]
    const columns = table.columns.filter(({ name }) => name.toLowerCase().includes(search))
    return columns.length === 0 ? [] : [{ ...table, columns }]
  })
}

/** The name as SQL needs it: in double quotes unless it is a plain identifier. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
