import { Checkbox, MultiSelect, SegmentedControl, Select, SimpleGrid, Stack } from '@mantine/core'
import { cleaners } from '../../../src/model/mapping.ts'
import type { MappedValue } from '../../lib/activation-config.ts'

const kinds = [
  { value: 'column', label: 'Query field' },
  { value: 'constant', label: 'Constant' },
  { value: 'template', label: 'Template' },
] as const
const types = ['text', 'integer', 'decimal', 'boolean', 'date', 'timestamp']
const cleanerWords: Readonly<Record<(typeof cleaners)[number], string>> = {
  trim: 'trim: remove spaces at both ends',
  collapse: 'collapse: single spaces',
  lower: 'lower: lower case',
  upper: 'upper: upper case',
  digits: 'digits: keep only 0 to 9',
  emptyToNull: 'emptyToNull: empty becomes null',
  round: 'round: to the nearest whole number',
  floor: 'floor: down to a whole number',
  ceil: 'ceil: up to a whole number',
}

/** Rarely needed options of a mapping: the source of the value, and its conversion. */
export function MappingMore({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: MappedValue
  readonly onChange: (value: MappedValue) => void
}) {
  const { column: _, constant, template, as, clean, ...rest } = value
  const kind = template !== undefined ? 'template' : constant !== undefined ? 'constant' : 'column'
  const choose = (chosen: string): void =>
    onChange(
      chosen === 'template'
        ? { template: '', ...rest }
        : chosen === 'constant'
          ? { constant: '', ...rest }
          : { column: '', ...rest },
    )
  return (
    <Stack gap="sm" pt="sm">
      <SegmentedControl
        aria-label={`Source of ${label}`}
        size="xs"
        data={kinds.map((each) => ({ ...each }))}
        value={kind}
        onChange={choose}
        style={{ alignSelf: 'flex-start' }}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {kind !== 'constant' && (
          <Select
            size="xs"
            label="Convert to"
            placeholder="No conversion"
            data={types}
            value={as ?? null}
            clearable
            clearButtonProps={{ 'aria-label': 'Clear the conversion' }}
            onChange={(chosen) => onChange(without({ ...value, as: chosen ?? undefined }))}
          />
        )}
        {kind !== 'constant' && (
          <MultiSelect
            size="xs"
            label="Cleaners, in this order"
            data={cleaners.map((cleaner) => ({ value: cleaner, label: cleanerWords[cleaner] }))}
            value={[...(clean ?? [])]}
            onChange={(chosen) => onChange({ ...value, clean: chosen })}
          />
        )}
      </SimpleGrid>
      <Checkbox
        size="xs"
        label="A null clears the field"
        description="Otherwise a null does not change the field."
        checked={value.onNull === 'clear'}
        onChange={(event) => onChange({ ...value, onNull: event.currentTarget.checked ? 'clear' : 'skip' })}
      />
      <Checkbox
        size="xs"
        label="Only if the field is empty"
        description="Existing values are never overwritten."
        checked={value.onlyIfEmpty === true}
        onChange={(event) => onChange({ ...value, onlyIfEmpty: event.currentTarget.checked })}
      />
    </Stack>
  )
}

function without(value: { readonly [key in keyof MappedValue]: MappedValue[key] | undefined }): MappedValue {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))
}
