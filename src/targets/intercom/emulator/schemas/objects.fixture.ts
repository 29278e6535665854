import {
  anyOf,
  empty,
  flag,
  listOf,
  mapOf,
  nothing,
  object,
  only,
  orNull,
  text,
  time,
  whole,
  type DescribedVersion,
  type Schema,
} from './schema.fixture.ts'

/** The objects of Intercom's API in one version. Source and deviations: README.md. */
export interface Objects {
  readonly me: Schema
  readonly admin: Schema
  readonly contact: Schema
  readonly contactReference: Schema
  readonly company: Schema
  readonly tag: Schema
  /** A tag on one record, with the time and the admin that attached it; both null after it is detached. */
  readonly appliedTag: Schema
  readonly conversation: Schema
  /** As in lists and searches, which leave out the parts. */
  readonly listedConversation: Schema
  readonly ticket: Schema
  readonly customAttribute: Schema
  readonly standardAttribute: Schema
}

export function objectsOf(version: DescribedVersion): Objects {
  const is214 = version === '2.14'

  const person = { type: only('admin'), id: text, name: text, email: text, has_inbox_seat: flag }
  const admin = object({
    ...person,
    away_mode_enabled: flag,
    away_mode_reassign: flag,
    away_status_reason_id: orNull(whole),
    team_ids: empty,
    avatar: orNull(text),
    ...(is214 ? {} : { role: nothing }),
  })
  const me = object({
    ...person,
    email_verified: orNull(flag),
    avatar: object({ type: only('avatar'), image_url: orNull(text) }),
    app: object({
      type: only('app'),
      id_code: text,
      name: text,
      region: text,
      timezone: text,
      created_at: time,
      identity_verification: flag,
      secure: flag,
    }),
  })

  const plainTag = { type: only('tag'), id: text, name: text }
  const tag = object(plainTag)
  const appliedTag = object({
    ...plainTag,
    applied_at: orNull(time),
    applied_by: orNull(object({ type: only('admin'), id: text })),
  })

  const inContact = (data: Schema) =>
    object({ type: only('list'), data, url: text, total_count: whole, has_more: flag })
  const linkTo = (type: string) => listOf(object({ type: only(type), id: text, url: text }))
  const reference = { type: only('contact'), id: text, external_id: orNull(text) }
  const contactReference = object(reference)
  const contact = object({
    ...reference,
    workspace_id: text,
    role: only('user', 'lead'),
    email: text,
    email_domain: text,
    phone: orNull(text),
    name: orNull(text),
    owner_id: orNull(is214 ? whole : text),
    avatar: orNull(object({ type: only('avatar'), image_url: orNull(text) })),
    has_hard_bounced: flag,
    marked_email_as_spam: flag,
    unsubscribed_from_emails: flag,
    created_at: time,
    updated_at: time,
    signed_up_at: orNull(time),
    last_seen_at: orNull(time),
    last_replied_at: orNull(time),
    last_contacted_at: orNull(time),
    last_email_opened_at: orNull(time),
    last_email_clicked_at: orNull(time),
    language_override: orNull(text),
    browser: orNull(text),
    browser_version: orNull(text),
    browser_language: orNull(text),
    os: orNull(text),
    location: object({ type: only('location'), country: orNull(text), region: orNull(text), city: orNull(text) }),
    // Each workspace has its own attributes.
    custom_attributes: mapOf(orNull({ type: ['string', 'number', 'boolean'] })),
    social_profiles: object({ type: only('list'), data: empty }),
    tags: inContact(linkTo('tag')),
    companies: inContact(linkTo('company')),
    notes: inContact(empty),
  })

  const company = object(
    {
      type: only('company'),
      id: text,
      company_id: text,
      app_id: text,
      created_at: time,
      updated_at: time,
      remote_created_at: orNull(time),
      last_request_at: orNull(time),
      monthly_spend: whole,
      session_count: whole,
      user_count: whole,
      plan: anyOf(object({}), object({ type: only('plan'), id: text, name: text })),
      tags: object({ type: only('tag.list'), tags: listOf(tag) }),
      segments: object({ type: only('segment.list'), segments: empty }),
      custom_attributes: mapOf(text),
    },
    { name: text, size: whole, website: text, industry: text },
  )

  const contacts = object({ type: only('contact.list'), contacts: listOf(contactReference) })
  const linkedObjects = object({ type: only('list'), total_count: whole, has_more: flag, data: empty })
  const partsOf = (what: string) => object({ type: only(`${what}.list`), [`${what}s`]: empty, total_count: whole })
  const assignee = is214 ? orNull(whole) : whole
  const conversationParts = {
    type: only('conversation'),
    id: text,
    title: orNull(text),
    created_at: time,
    updated_at: time,
    waiting_since: orNull(time),
    snoozed_until: orNull(time),
    open: flag,
    state: only('open', 'closed', 'snoozed'),
    read: flag,
    priority: is214 ? only('priority', 'not_priority') : only('none', 'low', 'medium', 'high', 'urgent'),
    admin_assignee_id: assignee,
    team_assignee_id: assignee,
    tags: object({ type: only('tag.list'), tags: listOf(appliedTag) }),
    source: object({
      type: only('conversation'),
      id: text,
      delivered_as: text,
      subject: text,
      body: text,
      attachments: empty,
      url: orNull(text),
      redacted: flag,
      author: object({ type: text, id: text, name: orNull(text), email: text }),
    }),
    contacts,
    teammates: object({ type: only('admin.list'), teammates: empty }),
    custom_attributes: { type: 'object', maxProperties: 0 },
    conversation_rating: nothing,
    first_contact_reply: nothing,
    sla_applied: nothing,
    statistics: nothing,
    linked_objects: linkedObjects,
    ai_agent_participated: flag,
    ai_agent: nothing,
  }
  const listedConversation = object(conversationParts)
  const conversation = object({ ...conversationParts, conversation_parts: partsOf('conversation_part') })

  const category = only('Customer', 'Back-office', 'Tracker')
  // Unlike in conversations, these became numbers only with 2.16.
  const ticketAssignee = is214 ? text : whole
  const ticket = object({
    type: only('ticket'),
    id: text,
    ticket_id: text,
    category,
    ticket_attributes: mapOf(orNull(text)),
    ticket_state: object({
      type: only('ticket_state'),
      id: text,
      category: only('submitted', 'in_progress', 'waiting_on_customer', 'resolved'),
      internal_label: text,
      external_label: text,
    }),
    ticket_type: object({
      type: only('ticket_type'),
      id: text,
      category,
      name: text,
      description: text,
      icon: text,
      workspace_id: text,
      archived: flag,
      is_internal: flag,
      created_at: time,
      updated_at: time,
      ticket_type_attributes: object({ type: only('list'), data: empty }),
    }),
    contacts,
    admin_assignee_id: ticketAssignee,
    team_assignee_id: ticketAssignee,
    created_at: time,
    updated_at: time,
    open: flag,
    linked_objects: linkedObjects,
    ticket_parts: partsOf('ticket_part'),
    is_shared: flag,
  })

  const attribute = {
    type: only('data_attribute'),
    model: is214 ? only('contact', 'company', 'conversation') : only('contact', 'company'),
    name: text,
    full_name: text,
    label: text,
    description: text,
    data_type: only('string', 'integer', 'float', 'boolean', 'date', ...(version === 'Preview' ? ['datetime'] : [])),
    api_writable: flag,
    messenger_writable: flag,
    ui_writable: flag,
    custom: flag,
    archived: flag,
  }
  const standardAttribute = object(attribute)
  const customAttribute = object(
    { ...attribute, id: whole, admin_id: text, created_at: time, updated_at: time },
    { options: listOf(text) },
  )

  return {
    me,
    admin,
    contact,
    contactReference,
    company,
    tag,
    appliedTag,
    conversation,
    listedConversation,
    ticket,
    customAttribute,
    standardAttribute,
  }
}
