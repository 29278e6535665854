import {
  anyOf,
  flag,
  listOf,
  mapOf,
  object,
  only,
  orNull,
  text,
  time,
  whole,
  type DescribedVersion,
  type Schema,
} from './schema.fixture.ts'

/** The body of each operation, as far as the emulator accepts it. Source: README.md. */
export function requestsOf(version: DescribedVersion): Readonly<Record<string, Schema>> {
  const is214 = version === '2.14'

  const id = object({ id: text })
  const byAdmin = object({ admin_id: text })
  const idByAdmin = object({ id: text, admin_id: text })

  const entry = object({}, { id: text, company_id: text, untag: flag })
  const tag = anyOf(
    object({ name: text }, { id: text }),
    object({ name: text, companies: listOf(entry) }),
    object({ name: text, users: listOf(id) }),
  )

  const value = {
    type: ['string', 'integer', 'boolean', 'array'],
    nullable: true,
    items: { type: ['string', 'integer'] },
  }
  const filter = object({
    field: text,
    operator: only('=', '!=', 'IN', 'NIN', '<', '<=', '>', '>=', '~', '!~', '^', '$'),
    value,
  })
  const search = object(
    { query: filter },
    { pagination: object({ per_page: whole }, { starting_after: orNull(text) }) },
  )

  const contact = object(
    {},
    {
      role: text,
      external_id: text,
      email: text,
      phone: orNull(text),
      name: orNull(text),
      avatar: orNull(text),
      signed_up_at: orNull(time),
      last_seen_at: orNull(time),
      owner_id: orNull(is214 ? whole : text),
      unsubscribed_from_emails: orNull(flag),
      custom_attributes: orNull({ type: 'object' }),
      ...(is214 ? {} : { email_verified: orNull(flag) }),
    },
  )
  const merge = object({ from: text, into: text }, is214 ? {} : { skip_duplicate_validation: flag })

  const companyFields = {
    name: text,
    plan: text,
    size: whole,
    website: text,
    industry: text,
    custom_attributes: mapOf(text),
    monthly_spend: whole,
  }
  const company = object(
    {},
    {
      ...companyFields,
      company_id: text,
      remote_created_at: time,
      ...(is214 ? {} : { update_last_request_at: flag }),
    },
  )

  const model = only('contact', 'company')
  const attributeFields = { description: text, messenger_writable: flag }
  const options = listOf(object({ value: text }))
  const attribute = anyOf(
    object({ name: text, model, data_type: only('options'), options }, attributeFields),
    object(
      { name: text, model, data_type: only('string', 'integer', 'float', 'boolean', 'datetime', 'date') },
      attributeFields,
    ),
  )

  return {
    'POST /tags': tag,
    'POST /contacts/{contact_id}/tags': id,
    'POST /conversations/{conversation_id}/tags': idByAdmin,
    'DELETE /conversations/{conversation_id}/tags/{tag_id}': byAdmin,
    'POST /tickets/{ticket_id}/tags': idByAdmin,
    'DELETE /tickets/{ticket_id}/tags/{tag_id}': byAdmin,
    'POST /contacts/search': search,
    'POST /conversations/search': search,
    'POST /contacts': contact,
    'PUT /contacts/{contact_id}': contact,
    'POST /contacts/merge': merge,
    'POST /contacts/{contact_id}/companies': id,
    'POST /companies': company,
    'PUT /companies/{company_id}': object({}, companyFields),
    'POST /data_attributes': attribute,
    'PUT /data_attributes/{data_attribute_id}': object({}, { ...attributeFields, archived: flag, options }),
  }
}
