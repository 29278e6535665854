import type { AttributeModel } from '../seeded-attributes.ts'
import type { Attribute } from '../state/attributes.ts'
import { since217, type Version } from '../http/version.ts'
import { standardAttributes } from './standard-attributes.ts'

/** A list attribute is a `string` with options. */
export function attributeBody(attribute: Attribute): object {
  const { id, model, name, type, options, description, messengerWritable, archived, adminId, createdAt, updatedAt } =
    attribute
  return {
    type: 'data_attribute',
    id,
    name,
    full_name: `custom_attributes.${name}`,
    label: name,
    description,
    data_type: type,
    ...(options === undefined ? {} : { options }),
    api_writable: true,
    ui_writable: false,
    messenger_writable: messengerWritable,
    custom: true,
    archived,
    admin_id: adminId,
    created_at: createdAt,
    updated_at: updatedAt,
    model,
  }
}

/** Only custom attributes have ids, admins and times. */
export function standardBodies(model: AttributeModel, version: Version): object[] {
  return standardAttributes(model).map(({ name, fullName, label, type, writable }) => ({
    type: 'data_attribute',
    name,
    full_name: fullName,
    label,
    description: label,
    data_type: type === 'date' && since217(version) ? 'datetime' : type,
    api_writable: writable,
    ui_writable: false,
    messenger_writable: false,
    custom: false,
    archived: false,
    model,
  }))
}
