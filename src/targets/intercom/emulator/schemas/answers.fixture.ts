import { objectsOf } from './objects.fixture.ts'
import {
  anyOf,
  flag,
  listOf,
  nothing,
  object,
  only,
  orNull,
  text,
  whole,
  type DescribedVersion,
  type Schema,
} from './schema.fixture.ts'

/** The error body of every operation. */
export const errorAnswer = object({
  type: only('error.list'),
  request_id: orNull(text),
  errors: listOf(object({ code: text, message: text })),
})

/** The body of each operation's 200. Source and deviations: README.md. */
export function answersOf(version: DescribedVersion): Readonly<Record<string, Schema>> {
  const is214 = version === '2.14'
  const of = objectsOf(version)

  const pages = { type: only('pages'), page: whole, per_page: whole, total_pages: whole }
  // The last page has no `next`.
  const byCursor = object(pages, { next: object({ per_page: whole, starting_after: text }) })
  const byNumber = object({ ...pages, next: orNull(text) })
  const list = (entry: Schema) => object({ type: only('list'), data: listOf(entry) })
  const paged = (entry: Schema, by: Schema) =>
    object({ type: only('list'), data: listOf(entry), total_count: whole, pages: by })
  const conversations = object({
    type: only('conversation.list'),
    conversations: listOf(of.listedConversation),
    total_count: whole,
    pages: byCursor,
  })
  const goneContact = (how: string) =>
    object({ type: only('contact'), id: text, external_id: orNull(text), [how]: flag })
  // From 2.16 on the answer lists the tagged records.
  const done = listOf(object({ id: text, tagged: flag }))
  const writtenTag = is214 ? of.tag : object({ type: only('tag'), id: text, name: text, users: done, companies: done })

  return {
    'GET /me': of.me,
    'GET /admins': object({ type: only('admin.list'), admins: listOf(of.admin) }),
    'GET /admins/{admin_id}': of.admin,

    'GET /tags': list(of.tag),
    'POST /tags': writtenTag,
    'GET /tags/{tag_id}': of.tag,
    'GET /contacts/{contact_id}/tags': list(of.appliedTag),
    'POST /contacts/{contact_id}/tags': of.appliedTag,
    'DELETE /contacts/{contact_id}/tags/{tag_id}': of.appliedTag,
    'POST /conversations/{conversation_id}/tags': of.appliedTag,
    'DELETE /conversations/{conversation_id}/tags/{tag_id}': of.appliedTag,
    'POST /tickets/{ticket_id}/tags': of.appliedTag,
    'DELETE /tickets/{ticket_id}/tags/{tag_id}': of.appliedTag,

    'GET /contacts': paged(of.contact, byCursor),
    'POST /contacts': of.contact,
    'GET /contacts/{contact_id}': of.contact,
    'PUT /contacts/{contact_id}': of.contact,
    'DELETE /contacts/{contact_id}': goneContact('deleted'),
    'GET /contacts/find_by_external_id/{external_id}': of.contact,
    'POST /contacts/search': paged(of.contact, byCursor),
    'POST /contacts/{contact_id}/archive': goneContact('archived'),
    'POST /contacts/{contact_id}/unarchive': goneContact('archived'),
    'POST /contacts/{contact_id}/block': goneContact('blocked'),
    'POST /contacts/merge': of.contact,

    'GET /companies': paged(of.company, byNumber),
    'POST /companies': of.company,
    'GET /companies/{company_id}': of.company,
    'PUT /companies/{company_id}': of.company,
    'DELETE /companies/{company_id}': object({ id: text, object: only('company'), deleted: flag }),
    'POST /companies/list': paged(of.company, byNumber),
    'GET /companies/scroll': object({
      type: only('list'),
      data: listOf(of.company),
      pages: nothing,
      total_count: nothing,
      scroll_param: text,
    }),

    'GET /contacts/{contact_id}/companies': paged(of.company, byNumber),
    'POST /contacts/{contact_id}/companies': of.company,
    'DELETE /contacts/{contact_id}/companies/{company_id}': of.company,
    'GET /companies/{company_id}/contacts': paged(of.contact, byCursor),

    'GET /conversations': conversations,
    'GET /conversations/{conversation_id}': of.conversation,
    'POST /conversations/search': conversations,
    'GET /tickets/{ticket_id}': of.ticket,

    'GET /data_attributes': list(anyOf(of.standardAttribute, of.customAttribute)),
    'POST /data_attributes': of.customAttribute,
    'PUT /data_attributes/{data_attribute_id}': of.customAttribute,
  }
}
