import { Button, Fieldset, Group, Select, Stack, Switch, Text } from '@mantine/core'
import { listFields, type field } from '../../../src/api/connections/contract.ts'
import type { z } from 'zod'
import { mappingIn, textIn, withKeys, withMapping, type MappedValue } from '../../lib/activation-config.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import { useApi } from '../../lib/use-api.ts'
import type { Column } from './query/use-query-check.ts'
import { Loaded } from '../../ui/loaded.tsx'
import type { EditorProps } from './editor-props.ts'
import { MappingRow } from './mapping-row.tsx'

export type Field = z.output<typeof field>

/** Compatible query fields of one Field, as reported by the server. */
export interface FieldOffer {
  readonly field: string
  readonly columns: readonly string[]
  readonly suggested: string | null
}

interface MappingTableProps extends EditorProps {
  readonly columns: readonly Column[]
  readonly offers: readonly FieldOffer[]
}

/** Maps query fields to the Fields of a whole record, such as a contact. */
export function MappingTable(props: MappingTableProps) {
  const { config } = props
  const fields = useApi(listFields, { params: { name: textIn(config, 'target'), object: textIn(config, 'object') } })
  return (
    <Fieldset mx={0} legend="Map the query fields to the Target fields">
      <Loaded query={fields}>{({ items }) => <Rows {...props} fields={items} />}</Loaded>
    </Fieldset>
  )
}

function Rows({
  config,
  onChange,
  errors,
  columns,
  offers,
  fields,
}: MappingTableProps & { readonly fields: readonly Field[] }) {
  const rows = mappingIn(config)
  const mapped = new Set(rows.map(([name]) => name))
  const missing = fields.filter(({ name, required }) => required && !mapped.has(name))
  const all = [...missing.map(({ name }): readonly [string, MappedValue] => [name, { column: '' }]), ...rows]
  const suggestions = offers.filter(
    ({ field, suggested }) =>
      suggested !== null && !rows.some(([name, value]) => name === field && value.column !== ''),
  )
  const offerOf = new Map(offers.map((offer) => [offer.field, offer]))
  const put = (name: string, value: MappedValue): void =>
    onChange(
      withMapping(
        config,
        mapped.has(name) ? rows.map((row) => (row[0] === name ? [name, value] : row)) : [...rows, [name, value]],
      ),
    )
  const mapByName = (): void => {
    const suggested = new Map(suggestions.map(({ field, suggested: column }) => [field, column ?? '']))
    const kept = rows.map(([name, value]): readonly [string, MappedValue] =>
      suggested.has(name) ? [name, { ...value, column: suggested.get(name) ?? '' }] : [name, value],
    )
    onChange(
      withMapping(config, [
        ...kept,
        ...[...suggested]
          .filter(([name]) => !mapped.has(name))
          .map(([name, column]): readonly [string, MappedValue] => [name, { column }]),
      ]),
    )
  }
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" style={{ flex: '1 1 260px' }}>
          Only compatible query fields are offered. Query fields that are not mapped are neither read nor sent.
        </Text>
        <Button variant="default" size="xs" onClick={mapByName} disabled={suggestions.length === 0}>
          MAP BY NAME{suggestions.length > 0 ? ` (${suggestions.length})` : ''}
        </Button>
      </Group>
      {wordsAt(
        errors.filter(({ pointer }) => pointer === '/mapping'),
        '/mapping',
      ) !== undefined && (
        <Text size="sm" c="var(--tone-bad-text)" role="alert">
          {wordsAt(errors, '/mapping')}
        </Text>
      )}
      {all.length === 0 && <Text size="sm">Nothing is mapped yet. Add a Target field, or map by name.</Text>}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {all.map(([name, value]) => (
          <MappingRow
            key={name}
            name={name}
            value={value}
            field={fields.find((each) => each.name === name)}
            columns={columns}
            compatible={offerOf.get(name)?.columns}
            errors={errors}
            onChange={(changed) => put(name, changed)}
            onRemove={
              mapped.has(name)
                ? () =>
                    onChange(
                      withMapping(
                        config,
                        rows.filter(([each]) => each !== name),
                      ),
                    )
                : undefined
            }
          />
        ))}
      </Stack>
      <Select
        label="Add a Target field"
        placeholder="Search Target fields"
        value={null}
        searchable
        maw={460}
        onChange={(name) => {
          if (name !== null) put(name, { column: offerOf.get(name)?.suggested ?? '' })
        }}
        nothingFoundMessage="No field with this name"
        data={fields
          .filter(({ name }) => !mapped.has(name) && !missing.some((each) => each.name === name))
          .map(({ name, label, writable }) => ({
            value: name,
            label: label === name ? name : `${label} (${name})`,
            disabled: !writable,
          }))}
        renderOption={({ option }) => (
          <FieldOption label={option.label} field={fields.find(({ name }) => name === option.value)} />
        )}
      />
      <Switch
        label="Also map by name at every Run"
        description="Every other query field is written to the compatible Target field with the same name. This includes query fields that are added later."
        checked={config['autoMap'] === true}
        onChange={(event) => onChange(withKeys(config, { autoMap: event.currentTarget.checked ? true : undefined }))}
        error={wordsAt(errors, '/autoMap')}
      />
    </Stack>
  )
}

function FieldOption({ label, field: of }: { readonly label: string; readonly field: Field | undefined }) {
  return (
    <div>
      <div>
        {label} <span style={{ color: 'var(--mantine-color-dimmed)', fontSize: '0.8em' }}>{of?.type}</span>
      </div>
      {of !== undefined && !of.writable && (
        <div style={{ fontSize: '0.8em' }}>{of.remark ?? 'It cannot be written.'}</div>
      )}
    </div>
  )
}
