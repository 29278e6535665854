import { z } from 'zod'

/** One setting of a Connector or of a Target Object, as a form shows it. */
export interface FormField {
  readonly key: string
  readonly title: string
  readonly description: string | null
  /** `number` is typed as text, so that `${VAR}` can be written there too. */
  readonly kind: 'text' | 'secret' | 'choice' | 'boolean' | 'number' | 'list'
  readonly options: readonly string[]
  /** What holds where nothing is written. */
  readonly preset: string | number | boolean | null
  readonly required: boolean
}

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(), title: z.string().optional(), description: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(), default: z.unknown().optional(), secret: z.boolean().optional(),
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).optional(),
})
const objectSchema = z.looseObject({ properties: z.record(z.string(), property).default({}), required: z.array(z.string()).default([]) })

/** The fields of a JSON Schema of an object; none where it is not one. */
export function formFields(schema: unknown): readonly FormField[] {
  const read = objectSchema.safeParse(schema)
  if (!read.success) return []
  const { properties, required } = read.data
  return Object.entries(properties).map(([key, each]) => ({
    key, title: each.title ?? key, description: each.description ?? null, kind: kindOf(each), options: (each.enum ?? []).map(String), preset: presetOf(each.default),
    // Described as it is after reading, what has a default counts as required; nobody need write it.
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

/** What a person typed, as it is sent: undefined for nothing, a number where one is wanted and one was typed. */
export function typed(kind: FormField['kind'], text: string): string | number | undefined {
  if (text === '') return undefined
  return kind === 'number' && /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
}

/** How the server shows a secret that is saved; sent back, it keeps its value. */
export const savedSecret = { secret: 'set' } as const

export function isSavedSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { readonly secret?: unknown }).secret === 'set'
}
