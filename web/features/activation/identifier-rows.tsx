import { ActionIcon, Button, Fieldset, Group, Select, Stack, Text } from '@mantine/core'
import { unmatchedWords } from '../../../src/model/words/activation-words.ts'
import { identifiersIn, withIdentifiers, type IdentifierRow } from '../../lib/activation-config.ts'
import { step, wordsAt } from '../../lib/field-errors.ts'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import type { EditorProps, TargetObject } from './editor-props.ts'

interface IdentifierRowsProps extends EditorProps {
  readonly object: TargetObject
  /** Compatible query fields of each identifier. */
  readonly compatible: ReadonlyMap<string, readonly string[]>
  readonly isLoading: boolean
}

/** How a row finds its record: by the first of these identifiers that has a value. */
export function IdentifierRows({
  config,
  onChange,
  errors,
  immutable,
  object,
  compatible,
  isLoading,
}: IdentifierRowsProps) {
  const rows = identifiersIn(config)
  const reason = immutable['identifier']
  const operations = object.behaviors.find(({ id }) => id === config['behavior'])?.operations ?? null
  const used = rows.map(({ field }) => field)
  const left = object.identifiers.filter(({ field }) => !used.includes(field))
  const set = (at: number, change: Partial<IdentifierRow>): void =>
    onChange(
      withIdentifiers(
        config,
        rows.map((row, index) => (index === at ? fitting({ ...row, ...change }, compatible) : row)),
      ),
    )
  const isList = Array.isArray(config['identifier'])
  return (
    <Fieldset mx={0} legend="Match the query field with the Target field" disabled={reason !== undefined}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {reason ??
            `A row writes to the ${object.noun.one} whose Target Field equals the Query Field. ${unmatchedWords({ operations, nouns: { record: object.noun, group: null } })}`}
        </Text>
        {rows.map(({ field, column }, at) => {
          const place = isList ? `/identifier${step(at)}` : '/identifier'
          const suffix = at === 0 ? '' : ` (fallback ${at})`
          const columns = compatible.get(field) ?? [...new Set([...compatible.values()].flat())]
          const whole = wordsAt(
            errors.filter(({ pointer }) => pointer === place),
            place,
          )
          return (
            <Group
              key={at}
              align="flex-start"
              gap="sm"
              role="group"
              aria-label={at === 0 ? 'Identifier' : `Fallback ${at}`}
            >
              <Select
                label={`Query Field${suffix}`}
                placeholder={isLoading ? 'Loading…' : columns.length === 0 ? 'No compatible field' : 'Select one'}
                data={withCurrent(columns, column)}
                value={column || null}
                searchable
                allowDeselect={false}
                withAsterisk
                onChange={(chosen) => set(at, { column: chosen ?? '' })}
                error={wordsAt(errors, `${place}/column`) ?? whole}
                style={{ flex: '1 1 200px' }}
                nothingFoundMessage="No compatible query field with this name"
              />
              <Select
                label={`Target Field${suffix}`}
                placeholder="Select one"
                value={field || null}
                allowDeselect={false}
                withAsterisk
                style={{ flex: '1 1 200px' }}
                error={wordsAt(errors, `${place}/field`)}
                data={object.identifiers
                  .filter((each) => each.field === field || !used.includes(each.field))
                  .map((each) => ({ value: each.field, label: each.field }))}
                renderOption={({ option }) => (
                  <span>
                    {option.label}{' '}
                    <span style={{ color: 'var(--mantine-color-dimmed)' }}>
                      {object.identifiers.find((each) => each.field === option.value)?.label}
                    </span>
                  </span>
                )}
                onChange={(chosen) => set(at, { field: chosen ?? '' })}
              />
              {at > 0 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  mt={28}
                  aria-label={`Remove fallback ${at}`}
                  onClick={() =>
                    onChange(
                      withIdentifiers(
                        config,
                        rows.filter((_, index) => index !== at),
                      ),
                    )
                  }
                >
                  <CrossIcon size={16} />
                </ActionIcon>
              )}
            </Group>
          )
        })}
        {left.length > 0 && rows[0]?.field !== '' && reason === undefined && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="subtle"
              leftSection={<PlusIcon size={14} />}
              onClick={() =>
                onChange(
                  withIdentifiers(config, [
                    ...rows,
                    { field: left.length === 1 ? (left[0]?.field ?? '') : '', column: '' },
                  ]),
                )
              }
            >
              Add a fallback
            </Button>
            <Text size="xs" c="dimmed">
              for rows without a value in the first one
            </Text>
          </Group>
        )}
      </Stack>
    </Fieldset>
  )
}

/** Clears a query field that is not compatible with the new Target Field. */
function fitting(row: IdentifierRow, compatible: IdentifierRowsProps['compatible']): IdentifierRow {
  const columns = compatible.get(row.field)
  return columns === undefined || row.column === '' || columns.includes(row.column) ? row : { ...row, column: '' }
}

/** Keeps the current choice in the list, even if it is no longer compatible. */
function withCurrent(columns: readonly string[], column: string): string[] {
  return column === '' || columns.includes(column) ? [...columns] : [column, ...columns]
}
