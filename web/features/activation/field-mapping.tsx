import { Stack, Text } from '@mantine/core'
import { offerMapping } from '../../../src/api/plans/contract.ts'
import { identifiersIn, mappingIn, groupsIn, textIn, type Config } from '../../lib/activation-config.ts'
import { useApi } from '../../lib/use-api.ts'
import { useColumns, type Column } from './query/use-query-check.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { BehaviorPicker } from './behavior-picker.tsx'
import type { EditorProps, TargetObject } from './editor-props.ts'
import { IdentifierRows } from './identifier-rows.tsx'
import { MappingTable } from './mapping-table.tsx'
import { GroupPicker } from './group-picker.tsx'
import { ObjectPicker, useObjects } from './object-picker.tsx'

/** The chosen object and behavior with their options; undefined if not chosen or not loaded. */
export function useChoices(config: Config) {
  const objects = useObjects(textIn(config, 'target'))
  const object = objects.data?.items.find(({ id }) => id === textIn(config, 'object'))
  return { object, behavior: object?.behaviors.find(({ id }) => id === textIn(config, 'behavior')) }
}

/** Object, behavior, tags, identifier and Fields. Each one is enabled by the previous one. */
export function FieldMapping(props: EditorProps) {
  const { config } = props
  const { object, behavior } = useChoices(config)
  const [warehouse, query, target] = [textIn(config, 'warehouse'), textIn(config, 'query'), textIn(config, 'target')]
  const columns = useColumns(warehouse, query)
  const body = { warehouse, query, target, object: object?.id ?? '', behavior: behavior?.id ?? '' }
  const offers = useApi(
    offerMapping,
    { body },
    { enabled: behavior !== undefined && query.trim() !== '' && warehouse !== '' },
  )
  const queryColumns = columns.data?.columns ?? []
  const trouble = columns.data?.problem ?? null
  return (
    <Stack gap="xl">
      <ObjectPicker {...props} label="Select the Target Object" required />
      <BehaviorPicker {...props} object={object} />
      {trouble !== null && (
        <Text c="var(--tone-bad-text)" size="sm" role="alert">
          The query is not valid, so its query fields are not known: {trouble.message}
        </Text>
      )}
      {columns.isError && <ErrorPanel error={columns.error} onRetry={() => void columns.refetch()} />}
      {object !== undefined && object.members !== null && behavior !== undefined && behavior.members !== null && (
        <GroupPicker
          key={`${object.id} ${behavior.id}`}
          {...props}
          object={object}
          members={object.members}
          offer={behavior.members}
          columns={queryColumns.map(({ name }) => name)}
        />
      )}
      {object !== undefined && behavior !== undefined && (
        <>
          <IdentifierRows
            {...props}
            object={object}
            isLoading={offers.isPending}
            compatible={
              new Map(
                (offers.isPlaceholderData ? [] : (offers.data?.identifiers ?? [])).map((each) => [
                  each.field,
                  each.columns,
                ]),
              )
            }
          />
          {offers.isError && trouble === null && (
            <ErrorPanel error={offers.error} onRetry={() => void offers.refetch()} />
          )}
          {behavior.mapsFields && (
            <MappingTable
              key={object.id}
              {...props}
              columns={queryColumns}
              offers={offers.isPlaceholderData ? [] : (offers.data?.fields ?? [])}
            />
          )}
          <Dropped config={config} columns={queryColumns} object={object} />
        </>
      )}
    </Stack>
  )
}

/** Query fields that are not used. */
function Dropped({
  config,
  columns,
  object,
}: {
  readonly config: Config
  readonly columns: readonly Column[]
  readonly object: TargetObject
}) {
  const members = object.members === null ? null : groupsIn(config, object.members.setting)
  const used = new Set([
    ...identifiersIn(config).map(({ column }) => column),
    ...mappingIn(config).flatMap(([, { column }]) => column ?? []),
    ...(members !== null && 'column' in members ? [members.column] : []),
    ...mappingIn(config).flatMap(([, { template }]) =>
      [...(template?.matchAll(/\{\{\s*(.+?)\s*\}\}/g) ?? [])].map(([, name = '']) => name),
    ),
  ])
  const dropped = columns.filter(({ name }) => !used.has(name)).map(({ name }) => name)
  if (dropped.length === 0 || config['autoMap'] === true) return null
  const shown = dropped.slice(0, 8).join(', ')
  return (
    <Text size="sm" c="dimmed">
      Not used, so neither read nor sent: {shown}
      {dropped.length > 8 ? ` and ${dropped.length - 8} more` : ''}.
    </Text>
  )
}
