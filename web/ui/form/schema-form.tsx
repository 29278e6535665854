import { Stack } from '@mantine/core'
import { type FieldError, step, wordsAt } from '../../lib/field-errors.ts'
import { formFields } from '../../lib/form-schema.ts'
import { SchemaField } from './schema-field.tsx'

type Values = Readonly<Record<string, unknown>>

interface SchemaFormProps {
  /** A JSON Schema of an object. */
  readonly schema: unknown
  readonly values: Values
  readonly onChange: (values: Values) => void
  readonly errors?: readonly FieldError[]
  /** Only these keys; left out: all but `except`. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
  readonly disabled?: boolean
  /** Texts may name environment variables. */
  readonly takesVariables?: boolean
}

/** A form made of a JSON Schema: each field with its words, and what the server said is wrong with it beside it. */
export function SchemaForm({ schema, values, onChange, errors = [], only, except = [], disabled = false, takesVariables = false }: SchemaFormProps) {
  const fields = formFields(schema).filter(({ key }) => (only === undefined || only.includes(key)) && !except.includes(key))
  const set = (key: string, value: unknown): void => {
    const { [key]: _, ...rest } = values
    onChange(value === undefined ? rest : { ...rest, [key]: value })
  }
  return (
    <Stack gap="md">
      {fields.map((field) => (
        <SchemaField key={field.key} field={field} value={values[field.key]} onChange={(value) => set(field.key, value)} error={wordsAt(errors, step(field.key))} disabled={disabled} takesVariables={takesVariables} />
      ))}
    </Stack>
  )
}
