import { defineObject, forEachOperation, type Resolved } from '../../connect/index.ts'
import { resolveAdmin } from './admin.ts'
import { property } from './answer.ts'
import { deliverAskable } from './deliver-askable.ts'
import type { IntercomConfig } from './config.ts'
import { path } from './identity.ts'
import { observeTags } from './observe-tags.ts'
import { countTagCalls, prepareTags, resolveTags, type Ready } from './resolve-tags.ts'
import { conversationSettings, type TagSettings } from './settings.ts'
import { tagOneByOne, type TaggedThing } from './tag-one-by-one.ts'

export const conversationTag = defineObject<TagSettings, Ready>({
  id: 'conversation_tag',
  label: 'Conversation tag',
  settings: conversationSettings,
  operations: ['add', 'remove'],
  members: { setting: 'tags', noun: 'tag', createSetting: 'createTag' },
  batch: { max: 50 },
  identifiers: [{ field: 'id', label: 'Intercom conversation id', accepts: ['text', 'integer'] }],
  async resolve(io, config, chosen): Promise<Resolved<Ready>> {
    const resolved = await resolveTags(io, chosen, (config as IntercomConfig).apiVersion)
    return { ...resolved, ready: { ...resolved.ready, adminId: await resolveAdmin(io, chosen.admin) } }
  },
  prepare: prepareTags,
  countCalls: (ready, _kind, operations) => countTagCalls(ready, operations, 1),
  observe: (io, _ready, want) => observeTags(
    io, 'conversation', want, (id) => path('conversations', id), (body) => property(property(body, 'tags'), 'tags'),
  ),
  deliver(io, ready, operations) {
    const thing = conversationOf(ready.adminId ?? '')
    return deliverAskable(operations, (askable) => forEachOperation(askable, (operation) => tagOneByOne(io, ready, thing, operation)))
  },
})

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
