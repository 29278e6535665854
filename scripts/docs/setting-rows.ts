import { z, type ZodType } from 'zod'
import { code } from './markdown.ts'

/** The parts of one setting's JSON Schema that the docs use. */
interface Setting {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Setting[]
  readonly items?: Setting
  readonly properties?: Readonly<Record<string, Setting>>
  /** For a mapping with keys of the user's choice. */
  readonly additionalProperties?: Setting | boolean
  readonly required?: readonly string[]
  readonly secret?: boolean
}

export const settingTitles = ['key', 'value', 'default', ''] as const

/** One row per key of a zod object, as written in YAML: key, type, default or "required", description. */
export function settingRows(schema: ZodType): string[][] {
  const written = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Setting
  return rowsBelow(written, '', 'shape' in schema ? (schema.shape as Readonly<Record<string, ZodType>>) : {})
}

function rowsBelow(
  { properties = {}, required = [] }: Setting,
  path: string,
  shape: Readonly<Record<string, ZodType>>,
): string[][] {
  return Object.entries(properties).flatMap(([key, setting]) => {
    const preset = setting.default ?? presetOf(shape[key])
    const secret = setting.secret === true ? ' Secret: never shown in logs or errors.' : ''
    const shown =
      typeof preset === 'object' || preset === undefined ? '' : code(JSON.stringify(preset).replaceAll('"', ''))
    return [
      [
        code(path + key),
        typeWords(setting),
        required.includes(key) ? 'required' : shown,
        `${setting.description ?? ''}${secret}`.trim(),
      ],
      ...rowsInside(setting, path + key),
    ]
  })
}

/** The rows below a key. If the key has several forms, the rows of the form whose keys have descriptions. */
function rowsInside(setting: Setting, path: string): string[][] {
  if (typeof setting.additionalProperties === 'object') return rowsInside(setting.additionalProperties, `${path}.…`)
  const object = [setting, ...(setting.anyOf ?? [])].find(({ properties = {} }) =>
    Object.values(properties).some(({ description }) => description !== undefined),
  )
  return object === undefined ? [] : rowsBelow(object, `${path}.`, {})
}

/** A default that JSON Schema does not show, because the schema has a transform. */
function presetOf(schema: ZodType | undefined): unknown {
  const parsed = schema?.safeParse(undefined)
  return parsed?.success === true && typeof parsed.data !== 'object' ? parsed.data : undefined
}

function typeWords(setting: Setting): string {
  if (setting.enum !== undefined) return setting.enum.map((value) => code(String(value))).join(' or ')
  if (setting.anyOf !== undefined) {
    const words = new Set(setting.anyOf.map(typeWords))
    return [...words]
      .map((each) => (each.startsWith(listOf) && words.has(each.slice(listOf.length)) ? 'a list of them' : each))
      .join(' or ')
  }
  if (setting.properties !== undefined) return `{ ${Object.keys(setting.properties).join(', ')} }`
  if (setting.items !== undefined) return `${listOf}${typeWords(setting.items)}`
  return [setting.type ?? 'text']
    .flat()
    .map((type) => typeNames[type] ?? type)
    .join(' or ')
}

const listOf = 'list of '
const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  array: 'list',
  object: 'mapping',
}
