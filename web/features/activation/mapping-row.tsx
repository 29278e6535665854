import { ActionIcon, Button, Collapse, Group, Select, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { MappedValue } from '../../lib/activation-config.ts'
import { step, wordsAt, type FieldError } from '../../lib/field-errors.ts'
import { value as words } from '../../lib/format.ts'
import type { Column } from './query/use-query-check.ts'
import { ArrowIcon, CrossIcon } from '../../ui/icons.tsx'
import { MappingMore } from './mapping-more.tsx'
import styles from './mapping-row.module.css'
import type { Field } from './mapping-table.tsx'

interface MappingRowProps {
  readonly name: string
  readonly value: MappedValue
  /** Undefined if the Target has no such Field. */
  readonly field: Field | undefined
  readonly columns: readonly Column[]
  /** Query fields that fit without conversion; undefined if the server did not report any. */
  readonly compatible: readonly string[] | undefined
  readonly errors: readonly FieldError[]
  readonly onChange: (value: MappedValue) => void
  /** Undefined if the Field must be mapped. */
  readonly onRemove: (() => void) | undefined
}

/** One Field, and the source of its value. */
export function MappingRow({ name, value, field, columns, compatible, errors, onChange, onRemove }: MappingRowProps) {
  const isPlain = value.column !== undefined && value.as === undefined && (value.clean ?? []).length === 0
  const [isOpen, { toggle }] = useDisclosure(!isPlain || value.onNull === 'clear' || value.onlyIfEmpty === true)
  const label = field?.label ?? name
  const place = `/mapping${step(name)}`
  // With a conversion any column may fit, so offer all of them; the server validates the choice.
  const offered = isPlain && compatible !== undefined ? compatible : columns.map((column) => column.name)
  const chosen = value.column ?? ''
  const error = wordsAt(errors, place)
  return (
    <li className={styles['row']} aria-label={`Mapping of ${label}`}>
      <div className={styles['line']}>
        <div className={styles['from']}>
          {value.column !== undefined && (
            <Select
              aria-label={`Query Field for ${label}`}
              placeholder={offered.length === 0 ? 'No compatible query field' : 'Query Field'}
              searchable
              clearable={!isPlain}
              allowDeselect={false}
              error={error}
              value={chosen || null}
              data={chosen === '' || offered.includes(chosen) ? [...offered] : [chosen, ...offered]}
              onChange={(column) => onChange({ ...value, column: column ?? '' })}
              nothingFoundMessage="No compatible query field with this name"
            />
          )}
          {value.template !== undefined && (
            <TextInput
              aria-label={`Template for ${label}`}
              placeholder="{{ first_name }} {{ last_name }}"
              value={value.template}
              onChange={(event) => onChange({ ...value, template: event.currentTarget.value })}
              error={error}
            />
          )}
          {value.constant !== undefined && (
            <TextInput
              aria-label={`Constant for ${label}`}
              placeholder="The same value for every record"
              value={value.constant === null ? '' : words(value.constant)}
              onChange={(event) => onChange({ ...value, constant: event.currentTarget.value })}
              error={error}
            />
          )}
        </div>
        <ArrowIcon size={16} className={styles['arrow']} />
        <div className={styles['to']}>
          <Text size="sm" fw={600} component="span">
            {label}
          </Text>
          {field?.required === true && (
            <Text size="xs" c="var(--tone-bad-text)" component="span">
              required
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {[label === name ? undefined : name, field?.type ?? 'missing in the Target']
              .filter((part) => part !== undefined)
              .join(' · ')}
          </Text>
          {field !== undefined && field.options !== null && (
            <Text size="xs" c="dimmed">
              One of {shortList(field.options)}
            </Text>
          )}
          {field !== undefined && field.remark !== null && (
            <Text size="xs" c="dimmed">
              {field.remark}
            </Text>
          )}
        </div>
        <Group gap={2} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={toggle}
            aria-expanded={isOpen}
            aria-label={`More for ${label}`}
          >
            {isOpen ? 'Less' : 'More'}
          </Button>
          {onRemove !== undefined && (
            <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Do not map ${label}`}>
              <CrossIcon size={16} />
            </ActionIcon>
          )}
        </Group>
      </div>
      <Collapse expanded={isOpen}>{isOpen && <MappingMore label={label} value={value} onChange={onChange} />}</Collapse>
    </li>
  )
}

function shortList(options: readonly string[]): string {
  return options.length > 6 ? `${options.slice(0, 6).join(', ')} and ${options.length - 6} more` : options.join(', ')
}
