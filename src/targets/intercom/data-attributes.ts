import type { z } from 'zod'
import { Fault, type Field, type FieldType, type HttpReply, type Io, type NewField } from '../../connect/index.ts'
import { property, requestOf, shown, text, throwIfFault, vendorError } from './answer.ts'
import { customName } from './field-values.ts'
import { attribute, attributes, readReply } from './replies.ts'

export type Model = 'contact' | 'company'

/** Field types by Intercom's. A list is a `string` with options. Types that are missing here cannot be mapped. */
const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  options: 'text',
  integer: 'integer',
  float: 'decimal',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp',
}
const vendorTypes: Readonly<Record<FieldType, string>> = {
  text: 'string',
  integer: 'integer',
  decimal: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'datetime',
}

/** Every attribute of the model, archived ones too: `GET /data_attributes` has no pages (Intercom-OpenAPI 2.16). */
export async function listAttributes(io: Io, model: Model): Promise<readonly Field[]> {
  const reply = await io.http.send({
    method: 'GET',
    path: '/data_attributes',
    query: { model, include_archived: 'true' },
    effect: 'read',
    repeatable: true,
  })
  throwIfFault(reply, 'read data attributes')
  return readReply(attributes, reply, 'GET /data_attributes').data.map(asField)
}

/**
 * Creates a custom attribute. One that exists already with the same type counts as created: an earlier answer may
 * have been lost.
 */
export async function createAttribute(io: Io, model: Model, { name, type }: NewField): Promise<Field> {
  const bare = customName(name)
  if (bare === undefined || bare === '') {
    throw rejected(name, 'only custom attributes can be created, and their names start with custom_attributes.')
  }
  const body = { name: bare, model, data_type: vendorTypes[type] }
  const reply = await io.http.send({
    method: 'POST',
    path: '/data_attributes',
    body,
    effect: 'write',
    repeatable: true,
  })
  throwIfFault(reply, 'create data attributes')
  if (reply.status !== 400 && reply.status !== 422) return asField(readReply(attribute, reply, 'POST /data_attributes'))
  const namesake = (await listAttributes(io, model)).find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (namesake?.writable === true && namesake.type === type) return namesake
  throw rejected(
    name,
    namesake === undefined
      ? `Intercom says: ${vendorError(reply).message}`
      : `${namesake.name} exists, ${
          namesake.writable ? `and holds ${namesake.type}` : (namesake.remark ?? 'and cannot be written')
        }`,
    reply,
  )
}

function asField(listed: z.output<typeof attribute>): Field {
  const { name: bare, full_name: full, data_type: dataType, archived } = listed
  const name = full ?? bare
  const type = types[dataType]
  const options = optionsOf(listed['options'])
  const remark =
    archived === true
      ? 'archived in Intercom'
      : type === undefined
        ? `of a type that is not supported (${shown(dataType)})`
        : undefined
  return {
    name,
    label: text(listed['label']) ?? name,
    type: type ?? 'text',
    writable: listed.api_writable === true && remark === undefined,
    ...(options.length === 0 ? {} : { options }),
    ...(remark === undefined ? {} : { remark }),
  }
}

function optionsOf(options: unknown): readonly string[] {
  if (!Array.isArray(options)) return []
  return options
    .map((option) => text(option) ?? text(property(option, 'value')))
    .filter((option) => option !== undefined)
}

function rejected(name: string, why: string, reply?: HttpReply): Fault {
  return new Fault('config', `The field "${shown(name)}" cannot be created in Intercom: ${why}.`, {
    code: 'field-refused',
    advice: 'Map to a field that exists, or choose another name: letters, digits, spaces, hyphens and currency signs.',
    ...(reply === undefined ? {} : requestOf(reply)),
  })
}
