import { z } from 'zod'

/** One setting of a Connector or a Target Object, as a form field. */
export interface FormField {
  readonly key: string
  readonly title: string
  readonly description: string | null
  /** A `number` is a text field, so that `${VAR}` is possible. */
  readonly kind: 'text' | 'secret' | 'choice' | 'boolean' | 'number' | 'list'
  readonly options: readonly string[]
  /** The default value. */
  readonly preset: string | number | boolean | null
  readonly required: boolean
}

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  default: z.unknown().optional(),
  secret: z.boolean().optional(),
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).optional(),
})
const objectSchema = z.looseObject({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
})

/** The form fields of an object's JSON Schema; none for any other schema. */
export function formFields(schema: unknown): readonly FormField[] {
  const read = objectSchema.safeParse(schema)
  if (!read.success) return []
  const { properties, required } = read.data
  return Object.entries(properties).map(([key, each]) => ({
    key,
    title: each.title ?? key,
    description: each.description ?? null,
    kind: kindOf(each),
    options: (each.enum ?? []).map(String),
    preset: presetOf(each.default),
    // The schema may list keys with a default as required; the user need not fill them in.
    required: required.includes(key) && each.default === undefined,
  }))
}

function kindOf({ type, anyOf = [], enum: options, secret }: z.output<typeof property>): FormField['kind'] {
  if (secret === true) return 'secret'
  if (options !== undefined) return 'choice'
  const types = [type ?? anyOf.map((each) => each.type ?? '')].flat()
  if (types.includes('boolean')) return 'boolean'
  if (types.includes('array')) return 'list'
  return types.includes('number') || types.includes('integer') ? 'number' : 'text'
}

function presetOf(value: unknown): FormField['preset'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** The typed text as a value to send: undefined if empty; a number if the kind is `number` and the text is one. */
export function typed(kind: FormField['kind'], text: string): string | number | undefined {
  if (text === '') return undefined
  return kind === 'number' && /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
}

/** Placeholder for a saved secret. Sent back unchanged, it keeps the secret. */
export const savedSecret = { secret: 'set' } as const

export function isSavedSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { readonly secret?: unknown }).secret === 'set'
}
