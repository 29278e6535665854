import { readEach, type Identity, type Io, type Observed } from '../../../connect/index.ts'
import { property } from '../answer.ts'
import { path, invalidId } from '../identity.ts'
import { doesNotExist, observedTags } from './read-tags.ts'
import { markOthers, type Author } from './write-author.ts'
import { threadTag } from './thread-tag.ts'

/**
 * Tickets can be tagged and untagged, but a ticket does not show its tags, and `POST /tickets/search` has no field
 * for them (Intercom-OpenAPI 2.14 and 2.16). So there is no listing. What is not in the Snapshot is sent, which is
 * safe to repeat, and the answer to attaching shows when the tag was applied.
 */
export const ticketTag = threadTag({
  noun: 'ticket',
  label: 'Ticket tag',
  identifierLabel: 'Intercom ticket id (not the ticket_id in the Inbox)',
  read: readTicketTags,
})

async function* readTicketTags(
  io: Io,
  want: readonly Identity[],
  author: Author | undefined,
): AsyncGenerator<Observed> {
  for await (const seen of readEach(want, (identity) => readTicket(io, identity, author)))
    if (seen !== undefined) yield seen
}

/**
 * The tags show on the ticket's conversation, which has the same id: Intercom says that tickets are conversations
 * (2.10, on searching conversations), but does not document that the ids are equal. Undefined: the ticket exists but
 * its conversation is not shown, so its tags are unknown.
 */
async function readTicket(io: Io, identity: Identity, author: Author | undefined): Promise<Observed | undefined> {
  if (invalidId(identity) !== undefined) return { identity, groups: null }
  const beneath = await io.http.send({
    method: 'GET',
    path: path('conversations', identity.value),
    effect: 'read',
    repeatable: true,
  })
  if (!doesNotExist(beneath, 'ticket', identity)) {
    const tags = observedTags(property(property(beneath.body, 'tags'), 'tags'), beneath, 'GET /conversations/{id}')
    return { identity, targetId: identity.value, groups: markOthers(tags, author) }
  }
  const itself = await io.http.send({
    method: 'GET',
    path: path('tickets', identity.value),
    effect: 'read',
    repeatable: true,
  })
  if (doesNotExist(itself, 'ticket', identity, 'read tickets')) return { identity, groups: null }
  io.log.warn('Intercom has this ticket, but no conversation with its id that would show its tags', {
    ticket: identity.value,
  })
  return undefined
}
