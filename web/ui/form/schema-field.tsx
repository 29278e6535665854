import { PasswordInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { value as words } from '../../lib/format.ts'
import { isSavedSecret, savedSecret, typed, type FormField } from '../../lib/form-schema.ts'

interface SchemaFieldProps {
  readonly field: FormField
  readonly value: unknown
  /** Undefined: not set, so the default applies. */
  readonly onChange: (value: unknown) => void
  readonly error: string | undefined
  readonly disabled: boolean
  readonly takesVariables: boolean
}

/** One field of a SchemaForm. */
export function SchemaField(props: SchemaFieldProps) {
  const {
    field: { key, kind, title, description, options, preset, required },
    value,
    onChange,
    error,
    disabled,
  } = props
  const shared = { label: title, description, error, disabled, name: key, withAsterisk: required }
  switch (kind) {
    case 'secret':
      return <SecretField {...props} />
    case 'choice':
      return (
        <Select
          {...shared}
          data={[...options]}
          value={typeof value === 'string' ? value : preset === null ? null : String(preset)}
          onChange={(chosen) => onChange(chosen ?? undefined)}
          clearable={preset === null && !required}
          placeholder={preset === null ? 'Default' : undefined}
          allowDeselect={false}
          clearButtonProps={{ 'aria-label': `Clear ${title}` }}
        />
      )
    case 'boolean':
      return preset === null ? (
        <Select
          {...shared}
          data={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          clearable
          clearButtonProps={{ 'aria-label': `Clear ${title}` }}
          placeholder="Default"
          value={typeof value === 'boolean' ? String(value) : null}
          onChange={(chosen) => onChange(chosen === null ? undefined : chosen === 'true')}
        />
      ) : (
        <Switch
          label={title}
          description={description}
          error={error}
          disabled={disabled}
          checked={value === undefined ? preset === true : value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
    case 'list':
      return (
        <TagsInput
          {...shared}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(items) => onChange(items.length === 0 ? undefined : items)}
          placeholder="Write a value, then press Enter"
        />
      )
    case 'text':
    case 'number':
      return (
        <TextInput
          {...shared}
          value={value === null ? '' : words(value)}
          onChange={(event) => onChange(typed(kind, event.currentTarget.value))}
          placeholder={preset === null ? undefined : String(preset)}
          inputMode={kind === 'number' ? 'numeric' : undefined}
          autoComplete="off"
        />
      )
  }
}

/** A saved secret is never shown. It stays unchanged until the user types a new one. */
function SecretField({
  field: { key, title, description, required },
  value,
  onChange,
  error,
  disabled,
  takesVariables,
}: SchemaFieldProps) {
  const [wasSaved] = useState(isSavedSecret(value))
  const isSet = isSavedSecret(value)
  const text = typeof value === 'string' ? value : ''
  const variable = /^\$\{([A-Za-z_]\w*)/.exec(text)?.[1]
  const hint = isSet
    ? 'Set. It does not change unless you enter a new one.'
    : variable !== undefined
      ? `Reads the environment variable ${variable} of the server.`
      : takesVariables
        ? 'Saved encrypted. Or name an environment variable of the server: ${VARIABLE}.'
        : null
  return (
    <PasswordInput
      label={title}
      description={
        <>
          {description}
          {hint !== null && <span style={{ display: 'block' }}>{hint}</span>}
        </>
      }
      error={error}
      disabled={disabled}
      name={key}
      withAsterisk={required}
      value={text}
      placeholder={isSet ? '•••••••• (set)' : undefined}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the input' }}
      onChange={(event) =>
        onChange(event.currentTarget.value !== '' ? event.currentTarget.value : wasSaved ? savedSecret : undefined)
      }
    />
  )
}
