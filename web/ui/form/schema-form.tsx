import { Stack } from '@mantine/core'
import { type FieldError, step, wordsAt } from '../../lib/field-errors.ts'
import { formFields } from '../../lib/form-schema.ts'
import { SchemaField } from './schema-field.tsx'

type Values = Readonly<Record<string, unknown>>

interface SchemaFormProps {
  /** The JSON Schema of an object. */
  readonly schema: unknown
  readonly values: Values
  readonly onChange: (values: Values) => void
  readonly errors?: readonly FieldError[]
  /** Only these keys; omitted: all but `except`. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
  readonly disabled?: boolean
  /** Text may contain environment variables. */
  readonly takesVariables?: boolean
}

/** A form from a JSON Schema. Errors from the server are shown beside their fields. */
export function SchemaForm({
  schema,
  values,
  onChange,
  errors = [],
  only,
  except = [],
  disabled = false,
  takesVariables = false,
}: SchemaFormProps) {
  const fields = formFields(schema).filter(
    ({ key }) => (only === undefined || only.includes(key)) && !except.includes(key),
  )
  const set = (key: string, value: unknown): void => {
    const { [key]: _, ...rest } = values
    onChange(value === undefined ? rest : { ...rest, [key]: value })
  }
  return (
    <Stack gap="md">
      {fields.map((field) => (
        <SchemaField
          key={field.key}
          field={field}
          value={values[field.key]}
          onChange={(value) => set(field.key, value)}
          error={wordsAt(errors, step(field.key))}
          disabled={disabled}
          takesVariables={takesVariables}
        />
      ))}
    </Stack>
  )
}
