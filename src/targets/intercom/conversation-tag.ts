import { defineObject, forEachOperation, type Identity, type Io, type Observed, type Resolved } from '../../connect/index.ts'
import { resolveAdmin } from './admin.ts'
import { property } from './answer.ts'
import { deliverAskable } from './deliver-askable.ts'
import type { IntercomConfig } from './config.ts'
import { path } from './identity.ts'
import { heldTags, observeTags } from './observe-tags.ts'
import { recallHand, type OurHand } from './our-hand.ts'
import { countTagCalls, prepareTags, resolveTags, type Ready } from './resolve-tags.ts'
import { searchSurvey } from './search-survey.ts'
import { threadSettings, type TagSettings } from './settings.ts'
import { tagOneByOne, type TaggedThing } from './tag-one-by-one.ts'
import { allTags } from './tags.ts'

export const conversationTag = defineObject<TagSettings, Ready>({
  id: 'conversation_tag',
  label: 'Conversation tag',
  thing: 'conversation',
  settings: threadSettings,
  operations: ['add', 'remove'],
  members: { setting: 'tags', noun: 'tag', createSetting: 'createTag', list: allTags },
  batch: { max: 50 },
  identifiers: [{ field: 'id', label: 'Intercom conversation id', accepts: ['text', 'integer'] }],
  async resolve(io, config, chosen): Promise<Resolved<Ready>> {
    const resolved = await resolveTags(io, chosen, (config as IntercomConfig).apiVersion)
    return { ...resolved, ready: { ...resolved.ready, adminId: await resolveAdmin(io, chosen.admin), hand: await recallHand(io, 'conversation') } }
  },
  prepare: prepareTags,
  countCalls: (ready, _kind, operations, members = ready.tags.length) => countTagCalls(members, operations, 1),
  observe: (io, ready, want) => observe(io, want, ready.hand),
  survey: searchSurvey({
    noun: 'conversation',
    path: '/conversations/search',
    list: 'conversations',
    tagField: 'tag_ids',
    // 150 are allowed, but at 100 a page other connectors saw answers take 18 s, and 5xx.
    perCall: 50,
    membersOf: (conversation, reply) => heldTags(tagsInside(conversation), reply),
    observe,
  }),
  deliver(io, ready, operations) {
    const thing = conversationOf(ready.adminId ?? '')
    return deliverAskable(operations, (askable) => forEachOperation(askable, (operation) => tagOneByOne(io, ready, thing, operation)))
  },
})

function observe(io: Io, want: readonly Identity[], hand?: OurHand): AsyncIterable<Observed> {
  return observeTags(io, 'conversation', want, (id) => path('conversations', id), tagsInside, hand)
}

/** Unlike a contact, a conversation carries all of its tags, in a search as well (Intercom-OpenAPI 2.16). */
function tagsInside(conversation: unknown): unknown {
  return property(property(conversation, 'tags'), 'tags')
}

/** Both calls need the admin, the DELETE in a JSON body (Intercom-OpenAPI 2.16). */
function conversationOf(adminId: string): TaggedThing {
  return {
    noun: 'conversation',
    adminId,
    attach: (id, tagId) => ({ method: 'POST', path: path('conversations', id, 'tags'), body: { id: tagId, admin_id: adminId } }),
    detach: (id, tagId) => ({ method: 'DELETE', path: path('conversations', id, 'tags', tagId), body: { admin_id: adminId } }),
    itself: (id) => path('conversations', id),
  }
}
