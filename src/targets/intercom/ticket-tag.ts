import {
  defineObject, forEachOperation, readEach, type Identity, type Io, type Observed, type Resolved,
} from '../../connect/index.ts'
import { resolveAdmin } from './admin.ts'
import { property } from './answer.ts'
import { deliverAskable } from './deliver-askable.ts'
import type { IntercomConfig } from './config.ts'
import { path, unaskable } from './identity.ts'
import { doesNotExist, heldTags } from './observe-tags.ts'
import { markOthers, recallHand, type OurHand } from './our-hand.ts'
import { countTagCalls, prepareTags, resolveTags, type Ready } from './resolve-tags.ts'
import { threadSettings, type TagSettings } from './settings.ts'
import { tagOneByOne, type TaggedThing } from './tag-one-by-one.ts'
import { allTags } from './tags.ts'

/**
 * Tickets can be tagged and untagged, but a ticket does not show its tags, and `POST /tickets/search` has no field for them
 * (Intercom-OpenAPI 2.14 and 2.16). So there is nothing to look at many tickets with, and no survey: what is not in the
 * Snapshot is sent, which is safe to repeat, and the answer to attaching says since when the tag is on.
 */
export const ticketTag = defineObject<TagSettings, Ready>({
  id: 'ticket_tag',
  label: 'Ticket tag',
  thing: 'ticket',
  settings: threadSettings,
  operations: ['add', 'remove'],
  members: { setting: 'tags', noun: 'tag', createSetting: 'createTag', list: allTags },
  batch: { max: 50 },
  identifiers: [{ field: 'id', label: 'Intercom ticket id (not the ticket_id that the Inbox shows)', accepts: ['text', 'integer'] }],
  async resolve(io, config, chosen): Promise<Resolved<Ready>> {
    const resolved = await resolveTags(io, chosen, (config as IntercomConfig).apiVersion)
    return { ...resolved, ready: { ...resolved.ready, adminId: await resolveAdmin(io, chosen.admin), hand: await recallHand(io, 'ticket') } }
  },
  prepare: prepareTags,
  countCalls: (ready, _kind, operations, members = ready.tags.length) => countTagCalls(members, operations, 1),
  observe: (io, ready, want) => observe(io, want, ready.hand),
  deliver(io, ready, operations) {
    const thing = ticketOf(ready.adminId ?? '')
    return deliverAskable(operations, (askable) => forEachOperation(askable, (operation) => tagOneByOne(io, ready, thing, operation)))
  },
})

async function* observe(io: Io, want: readonly Identity[], hand: OurHand | undefined): AsyncGenerator<Observed> {
  for await (const seen of readEach(want, (identity) => readTicket(io, identity, hand))) if (seen !== undefined) yield seen
}

/**
 * The tags show on the conversation beneath the ticket, which has its id: Intercom says that tickets are conversations (2.10, on
 * searching conversations), though its description promises the one id nowhere. Undefined: the ticket is there, and its conversation
 * is not shown, so that nothing can be said of its tags.
 */
async function readTicket(io: Io, identity: Identity, hand: OurHand | undefined): Promise<Observed | undefined> {
  if (unaskable(identity) !== undefined) return { identity, members: null }
  const beneath = await io.http.send({ method: 'GET', path: path('conversations', identity.value), effect: 'read', repeatable: true })
  if (!doesNotExist(beneath, 'ticket', identity)) {
    const tags = heldTags(property(property(beneath.body, 'tags'), 'tags'), beneath)
    return { identity, targetId: identity.value, members: markOthers(tags, hand) }
  }
  const itself = await io.http.send({ method: 'GET', path: path('tickets', identity.value), effect: 'read', repeatable: true })
  if (doesNotExist(itself, 'ticket', identity, 'read tickets')) return { identity, members: null }
  io.log.warn('Intercom has this ticket, but no conversation of its id, where its tags would show', { ticket: identity.value })
  return undefined
}

/** Both calls need the admin, the DELETE in a JSON body (Intercom-OpenAPI 2.16). */
function ticketOf(adminId: string): TaggedThing {
  return {
    noun: 'ticket',
    adminId,
    attach: (id, tagId) => ({ method: 'POST', path: path('tickets', id, 'tags'), body: { id: tagId, admin_id: adminId } }),
    detach: (id, tagId) => ({ method: 'DELETE', path: path('tickets', id, 'tags', tagId), body: { admin_id: adminId } }),
    itself: (id) => path('tickets', id),
  }
}
