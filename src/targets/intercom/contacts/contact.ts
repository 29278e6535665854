import { indexLagMs } from '../index-lag.ts'
import { z } from 'zod'
import {
  defineObject,
  readEach,
  type Field,
  type Identity,
  type Io,
  type Observed,
  type Resolved,
} from '../../../connect/index.ts'
import { mergedWords, property, text } from '../answer.ts'
import { atLeast, type ApiVersion } from '../api-version.ts'
import type { IntercomConfig } from '../config.ts'
import { createAttribute, listAttributes } from '../data-attributes.ts'
import { deliverContacts, type ContactReady } from './deliver-contact.ts'
import { contactFinder, contactMatch, contactIdentifiers } from './find-contacts.ts'
import { path, invalidId } from '../identity.ts'
import { doesNotExist } from '../tags/read-tags.ts'
import { oddAnswer, readReply, targetRecord } from '../replies.ts'
import { totalOf } from '../tags/tags.ts'

const settings = z.strictObject({
  archived: z.enum(['refuse', 'unarchive']).default('refuse').meta({
    title: 'Archived contacts',
    description:
      'What to do if an archived contact has the identifier of a new one: refuse rejects the record, unarchive restores and updates the archived contact.',
  }),
  createFields: z.boolean().default(false).meta({
    title: 'Create missing fields',
    description: 'Create the custom attributes of the mapping that Intercom does not have.',
  }),
})
type Settings = z.output<typeof settings>

interface Ready extends ContactReady {
  readonly apiVersion: ApiVersion
}

/** Users and leads. */
export const contact = defineObject<Settings, Ready, IntercomConfig>({
  id: 'contact',
  label: 'Contact',
  noun: { one: 'contact', many: 'contacts' },
  settings,
  operations: ['create', 'update', 'upsert', 'delete', 'archive', 'restore'],
  indexLagMs,
  batch: { max: 50 },
  identifiers: contactIdentifiers,
  fields: {
    createSetting: 'createFields',
    list: (io) => listFields(io, io.config.apiVersion),
    create: (io, field) => createAttribute(io, 'contact', field),
  },
  find: contactFinder((ready) => ready.types.values()),
  /**
   * Intercom does not keep leads unique, nor contacts without external_id and email. It rejects a duplicate user, but
   * that answer does not tell a contact created by us from an external one, so unconfirmed creates wait too.
   */
  createsTwice: ({ kind, fields = {}, identities = [], identity }) =>
    kind === 'create' || fields['role'] === 'lead' || ![...identities, identity].some(({ field }) => field !== 'id'),
  resolve: (io, { archived }) => resolveContacts(io, io.config.apiVersion, archived),
  prepare: (io, { apiVersion, archived }) => resolveContacts(io, apiVersion, archived),
  countCalls: (_ready, _kind, operations) => operations,
  async population(io) {
    const reply = await io.http.send({
      method: 'GET',
      path: '/contacts',
      query: { per_page: '1' },
      effect: 'read',
      repeatable: true,
    })
    return totalOf(reply, 'count contacts', 'GET /contacts')
  },
  read: (io, ready, want) => readContacts(io, ready, want),
  deliver: deliverContacts,
})

async function listFields(io: Io, version: ApiVersion): Promise<readonly Field[]> {
  return contactFields(await listAttributes(io, 'contact'), version)
}

async function resolveContacts(
  io: Io,
  apiVersion: ApiVersion,
  archived: Settings['archived'],
): Promise<Resolved<Ready>> {
  const types = new Map((await listFields(io, apiVersion)).map((field) => [field.name, field]))
  return { ready: { types, apiVersion, archived }, groups: [], toCreate: [], notices: [] }
}

/**
 * Direct reads: by id, and users by external_id. There is no read by email, nor by an external_id that a URL path
 * would drop; such identities yield nothing and must be looked up first.
 */
async function* readContacts(io: Io, { types }: Ready, want: readonly Identity[]): AsyncGenerator<Observed> {
  yield* readEach(want.filter(isDirect), async (identity): Promise<Observed> => {
    const { field, value } = identity
    if (invalidId(identity) !== undefined) return { identity, groups: null }
    const at = field === 'id' ? path('contacts', value) : path('contacts', 'find_by_external_id', value)
    const reply = await io.http.send({ method: 'GET', path: at, effect: 'read', repeatable: true })
    if (doesNotExist(reply, 'contact', identity, 'read contacts')) {
      const remark = mergedWords(reply).trim()
      return { identity, groups: null, ...(remark === '' ? {} : { remark }) }
    }
    const request = field === 'id' ? 'GET /contacts/{id}' : 'GET /contacts/find_by_external_id/{external_id}'
    const match = contactMatch(readReply(targetRecord, reply, request), types.values())
    if (match === undefined || text(property(reply.body, field)) !== value)
      throw oddAnswer(request, reply, 'it shows another contact')
    const { targetId, fields, createdAt } = match
    return { identity, targetId, groups: [], fields, ...(createdAt === undefined ? {} : { createdAt }) }
  })
}

function isDirect({ field, value }: Identity): boolean {
  return field === 'id' || (field === 'external_id' && !/^\.{1,2}$/.test(value))
}

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
function contactFields(listed: readonly Field[], version: ApiVersion): readonly Field[] {
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
