import type { Field } from '../../../connect/index.ts'
import { atLeast, type ApiVersion } from '../api-version.ts'

type Known = Partial<Field> & Pick<Field, 'name' | 'label' | 'type'>

/**
 * Standard attributes that can be written (recorded list, 2021). These types are more exact than those in Intercom's
 * list.
 */
function knownFields(version: ApiVersion): readonly Known[] {
  return [
    {
      name: 'role',
      label: 'Role',
      type: 'text',
      options: ['user', 'lead'],
      neverEmpty: true,
      remark: 'a lead can become a user, but a user cannot become a lead; leads do not have your external_id',
    },
    {
      name: 'external_id',
      label: 'External ID',
      type: 'text',
      neverEmpty: true,
      remark: 'for users only; Intercom cannot empty it once it is set',
    },
    {
      name: 'email',
      label: 'Email',
      type: 'text',
      remark: 'Intercom stores it in lower case; several contacts can have the same email',
    },
    { name: 'name', label: 'Name', type: 'text' },
    { name: 'phone', label: 'Phone', type: 'text' },
    { name: 'avatar', label: 'Avatar', type: 'text', remark: 'URL of an image' },
    { name: 'signed_up_at', label: 'Signed up', type: 'timestamp' },
    {
      name: 'last_seen_at',
      label: 'Last seen',
      type: 'timestamp',
      remark: 'Intercom updates it when the person is active',
    },
    {
      name: 'owner_id',
      label: 'Owner',
      type: atLeast(version, '2.16') ? 'text' : 'integer',
      remark: 'id of a teammate',
    },
    { name: 'unsubscribed_from_emails', label: 'Unsubscribed from emails', type: 'boolean', neverEmpty: true },
  ]
}

/** Standard timestamps: up to 2.16 Intercom's list gives them the type `date`. */
const moment = /^[a-z_]+_at$/

/** Intercom's list, with corrected types and with the fields it leaves out. */
export function contactFields(listed: readonly Field[], version: ApiVersion): readonly Field[] {
  const known = knownFields(version)
  const byName = new Map(known.map((field) => [field.name, field]))
  const names = new Set(listed.map(({ name }) => name))
  return [
    ...known.filter(({ name }) => !names.has(name)).map((field) => ({ writable: true, ...field })),
    ...listed.map((field): Field => {
      const better = byName.get(field.name)
      if (better !== undefined) return { ...field, ...better, label: field.label }
      return moment.test(field.name) && field.type === 'date' ? { ...field, type: 'timestamp' } : field
    }),
  ].map((field) =>
    field.writable || field.remark !== undefined ? field : { ...field, remark: 'Intercom sets it itself' },
  )
}
