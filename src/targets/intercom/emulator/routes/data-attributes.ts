import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, reject } from '../http/answer.ts'
import { fieldsOf } from '../../../../emulator-kit/router.ts'
import type { Call, Route } from '../http/route.ts'
import { since216 } from '../http/version.ts'
import type { AttributeModel, AttributeType } from '../options.ts'
import { attributeBody, standardBodies, standardAttributes } from '../render/data-attribute.ts'
import type { Workspace } from '../state/workspace.ts'

const dataTypes: readonly (AttributeType | 'options')[] = [
  'string',
  'integer',
  'float',
  'boolean',
  'datetime',
  'date',
  'options',
]
const types: readonly unknown[] = dataTypes
const modelUnknown = badParameter('The Data Attribute model field must be either contact or company')
const nameInvalid = badParameter(
  'Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens',
)

export const dataAttributeRoutes: readonly Route[] = [
  { method: 'GET', path: '/data_attributes', effect: 'read', scopes: ['read_users_companies'], answer: list },
  { method: 'POST', path: '/data_attributes', effect: 'write', scopes: ['write_users_companies'], answer: create },
  {
    method: 'PUT',
    path: '/data_attributes/{data_attribute_id}',
    effect: 'write',
    scopes: ['write_users_companies'],
    answer: update,
  },
]

/** The whole list, without pages. Without `model`: the attributes of all models that the version has. */
function list({ workspace, query, version }: Call): Answer {
  const models: AttributeModel[] = since216(version) ? ['contact', 'company'] : ['contact', 'company', 'conversation']
  const wanted = query.get('model')
  if (wanted === 'conversation' && since216(version)) {
    return reject(
      422,
      'parameter_invalid',
      'model=conversation is no longer supported. Use GET /conversations/attributes instead',
    )
  }
  const asked = wanted === null ? models : models.filter((model) => model === wanted)
  if (asked.length === 0) return modelUnknown
  const withArchived = query.get('include_archived') === 'true'
  return ok({
    type: 'list',
    data: asked.flatMap((model) => [
      ...standardBodies(model, version),
      ...workspace.attributes
        .list(model)
        .filter(({ archived }) => withArchived || !archived)
        .map(attributeBody),
    ]),
  })
}

function create({ workspace, body, admin }: Call): Answer {
  const {
    name,
    model,
    data_type: type,
    options: given,
    description,
    messenger_writable: messengerWritable,
  } = fieldsOf(body)
  if (model !== 'contact' && model !== 'company') return modelUnknown
  if (typeof name !== 'string' || !/^[\p{L}\p{N}\p{Sc}_ -]+$/u.test(name)) return nameInvalid
  const holder = holderOf(workspace, model, name)
  if (holder !== null) {
    return badParameter(
      `You already have '${name}' in your ${said[holder]} data. To save this as new ${said[model]} data, use a different name.`,
    )
  }
  if (!types.includes(type)) return badParameter("Data Type isn't an option")
  const options = type === 'options' ? readOptions(given) : undefined
  if (options !== undefined && 'status' in options) return options
  return ok(
    attributeBody(
      workspace.attributes.create({
        model,
        name,
        type: type === 'options' ? 'string' : (type as AttributeType),
        options,
        description: typeof description === 'string' ? description : '',
        messengerWritable: messengerWritable === true,
        adminId: admin.id,
        createdAt: workspace.seconds(),
      }),
    ),
  )
}

/** The type of an attribute never changes. */
function update({ workspace, params, body }: Call): Answer {
  const held = workspace.attributes.byId(Number(params[0]))
  if (held === undefined) return reject(404, 'field_not_found', "We couldn't find that data attribute to update")
  const { options: given, description, archived, messenger_writable: messengerWritable } = fieldsOf(body)
  const options = given === undefined || given === null ? held.options : readOptions(given)
  if (options !== undefined && 'status' in options) return options
  if (options !== undefined && held.options === undefined)
    return badParameter('Options can only be given to a list attribute')
  if (archived === true && workspace.attributes.dependants.has(held.id)) {
    return reject(422, 'data_invalid', 'The Data Attribute you are trying to archive has a dependant object')
  }
  return ok(
    attributeBody(
      workspace.attributes.update(held.id, {
        options,
        updatedAt: workspace.seconds(),
        ...(typeof description === 'string' ? { description } : {}),
        ...(typeof archived === 'boolean' ? { archived } : {}),
        ...(typeof messengerWritable === 'boolean' ? { messengerWritable } : {}),
      }),
    ),
  )
}

const said = { contact: 'people', company: 'company' } as const

/** Contacts and companies share one set of attribute names, including archived attributes. */
function holderOf({ attributes }: Workspace, model: 'contact' | 'company', name: string): 'contact' | 'company' | null {
  const other = model === 'contact' ? 'company' : 'contact'
  if (attributes.taken(model, name) || standardAttributes(model).some((each) => each.fullName === name)) return model
  return attributes.taken(other, name) ? other : null
}

function readOptions(given: unknown): readonly string[] | Answer {
  if (!Array.isArray(given)) return badParameter("Options isn't an array")
  const values = given.map((option) => fieldsOf(option).value)
  const texts = values.filter((value): value is string => typeof value === 'string' && value !== '')
  if (texts.length < values.length) return badParameter('Options must each have a value')
  return texts.length < 2 ? badParameter('The Data Attribute must have at least two options') : texts
}
