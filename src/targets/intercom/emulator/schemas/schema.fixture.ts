/** The versions whose descriptions are the source; see README.md. */
export const versions = ['2.14', '2.16', 'Preview'] as const
export type DescribedVersion = (typeof versions)[number]

/** A JSON Schema with a type. `nullable` is from OpenAPI; Ajv supports it. */
export type Schema = { readonly type: string | readonly string[]; readonly [keyword: string]: unknown }

export const text: Schema = { type: 'string' }
export const whole: Schema = { type: 'integer' }
export const flag: Schema = { type: 'boolean' }
/** Unix seconds. */
export const time: Schema = { type: 'integer' }
/** For an object that the emulator never sends. */
export const nothing: Schema = { type: 'null' }
/** For a list that is always empty in the emulator. */
export const empty: Schema = { type: 'array', maxItems: 0 }

export function only(...values: readonly string[]): Schema {
  return { type: 'string', enum: values }
}

export function orNull(schema: Schema): Schema {
  return { ...schema, nullable: true }
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

export function mapOf(values: Schema): Schema {
  return { type: 'object', additionalProperties: values }
}

/** One of several objects. */
export function anyOf(...schemas: readonly Schema[]): Schema {
  return { type: 'object', anyOf: schemas }
}

type Properties = Readonly<Record<string, Schema>>

/** An object with all properties of `always`, any of `sometimes`, and no others. */
export function object(always: Properties, sometimes: Properties = {}): Schema {
  return {
    type: 'object',
    properties: { ...always, ...sometimes },
    required: Object.keys(always),
    additionalProperties: false,
  }
}
