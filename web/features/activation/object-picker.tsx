import { Select } from '@mantine/core'
import { listObjects } from '../../../src/api/connections/contract.ts'
import { identifiersIn, textIn, withIdentifiers, withObject, type Config } from '../../lib/activation-config.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import { formFields } from '../../lib/form-schema.ts'
import { useApi } from '../../lib/use-api.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import type { EditorProps, TargetObject } from './editor-props.ts'

/** The Target Objects of a Target. */
export function useObjects(target: string) {
  return useApi(listObjects, { params: { name: target } }, { enabled: target !== '' })
}

interface ObjectPickerProps extends EditorProps {
  readonly label: string
  readonly description?: string
  readonly required?: boolean
}

/** Chooses a Target Object. A change keeps the settings that still fit. */
export function ObjectPicker({
  config,
  onChange,
  errors,
  immutable,
  label,
  description,
  required = false,
}: ObjectPickerProps) {
  const objects = useObjects(textIn(config, 'target'))
  const items = objects.data?.items ?? []
  const chosen = textIn(config, 'object')
  const choose = (id: string | null): void => {
    const object = items.find((each) => each.id === id)
    onChange(object === undefined ? { ...config, object: '' } : startWith(config, object))
  }
  if (objects.isError && objects.data === undefined)
    return <ErrorPanel error={objects.error} onRetry={() => void objects.refetch()} />
  return (
    <Select
      label={label}
      description={immutable['object'] ?? withoutCustom(objects.data?.customTrouble) ?? description}
      withAsterisk={required}
      disabled={immutable['object'] !== undefined || objects.isPending}
      error={wordsAt(errors, '/object')}
      placeholder={objects.isPending ? 'Loading…' : 'Select one'}
      data={items.map((object) => ({ value: object.id, label: object.id }))}
      value={chosen === '' ? null : chosen}
      onChange={choose}
      clearable={!required}
      clearButtonProps={{ 'aria-label': 'Clear the Target Object' }}
      allowDeselect={false}
      maw={460}
      renderOption={({ option }) => (
        <span>
          {option.label}{' '}
          <span style={{ color: 'var(--mantine-color-dimmed)' }}>
            {items.find(({ id }) => id === option.value)?.label}
          </span>
        </span>
      )}
    />
  )
}

/** Says why objects of the account are missing from the list. */
function withoutCustom(trouble: { readonly message: string } | null | undefined): string | undefined {
  return trouble ? `The custom objects of the account cannot be listed: ${trouble.message}` : undefined
}

/** Preselects the identifier if there is only one; for links, if only one needs no lookup. */
function startWith(config: Config, object: TargetObject): Config {
  const started = withObject(config, {
    id: object.id,
    hasFields: object.hasFields,
    settings: formFields(object.settings).map(({ key }) => key),
    behaviors: object.behaviors.map(({ id }) => id),
  })
  const own = object.members === null ? object.identifiers : object.identifiers.filter(({ found }) => !found)
  const [only, ...more] = own
  if (only === undefined || more.length > 0) return started
  const [row] = identifiersIn(started)
  return withIdentifiers(started, [{ field: only.field, column: row?.column ?? '' }])
}
