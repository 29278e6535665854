import type { AttributeModel, AttributeSeed, AttributeType } from '../options.ts'
import { adminOf } from './admins.ts'

/** A custom attribute. */
export interface Attribute {
  readonly id: number
  readonly model: AttributeModel
  readonly name: string
  readonly type: AttributeType
  /** The allowed values of a list; absent for other attributes. */
  readonly options?: readonly string[] | undefined
  readonly description: string
  readonly messengerWritable: boolean
  readonly archived: boolean
  readonly adminId: string
  /** Unix seconds. */
  readonly createdAt: number
  readonly updatedAt: number
}

export type NewAttribute = Omit<Attribute, 'id' | 'archived' | 'updatedAt'>
type Changeable = 'options' | 'description' | 'archived' | 'messengerWritable'
export type AttributePatch = Partial<Pick<Attribute, Changeable>> & Pick<Attribute, 'updatedAt'>

/**
 * The workspace's custom attributes, in the order of their ids. Names keep their case but are unique per model
 * regardless of case.
 */
export interface Attributes {
  list(model: AttributeModel): readonly Attribute[]
  byId(id: number): Attribute | undefined
  /** By its exact spelling, as values are written. */
  byName(model: AttributeModel, name: string): Attribute | undefined
  /** Whether this model has an attribute with this name, ignoring case. */
  taken(model: AttributeModel, name: string): boolean
  /** Ids of attributes that something depends on: they cannot be archived. */
  readonly dependants: Set<number>
  create(attribute: NewAttribute): Attribute
  update(id: number, patch: AttributePatch): Attribute
}

const firstId = 12_878
const seededAt = 1_680_000_000

export function createAttributes(seeds: readonly AttributeSeed[]): Attributes {
  const byId = new Map<number, Attribute>()
  let next = firstId
  const put = (attribute: Attribute): Attribute => {
    byId.set(attribute.id, attribute)
    return attribute
  }
  for (const { model, name, type, options, description = '', archived = false } of seeds) {
    put({
      id: next++,
      model,
      name,
      type,
      options,
      description,
      messengerWritable: false,
      archived,
      adminId: adminOf(undefined).id,
      createdAt: seededAt,
      updatedAt: seededAt,
    })
  }
  const list = (model: AttributeModel): Attribute[] => [...byId.values()].filter((each) => each.model === model)
  return {
    list,
    dependants: new Set(),
    byId: (id) => byId.get(id),
    byName: (model, name) => list(model).find((each) => each.name === name),
    taken: (model, name) => list(model).some((each) => each.name.toLowerCase() === name.toLowerCase()),
    create: (attribute) => put({ ...attribute, id: next++, archived: false, updatedAt: attribute.createdAt }),
    update: (id, patch) => put({ ...byId.get(id)!, ...patch }),
  }
}
