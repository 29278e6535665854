import type { Identity, Io, Observed } from '../../../connect/index.ts'
import { property } from '../answer.ts'
import { path } from '../identity.ts'
import { observedTags, readTags } from './read-tags.ts'
import type { Author } from './write-author.ts'
import { searchListing } from './search-listing.ts'
import { threadTag } from './thread-tag.ts'

export const conversationTag = threadTag({
  noun: 'conversation',
  label: 'Conversation tag',
  identifierLabel: 'Intercom conversation id',
  read: readConversationTags,
  listing: searchListing({
    noun: 'conversation',
    path: '/conversations/search',
    tagField: 'tag_ids',
    // The API allows 150, but with 100 per page other connectors saw answers that took 18 s, and 5xx.
    perCall: 50,
    groupsOf: (conversation, reply) => observedTags(tagsInside(conversation), reply, 'POST /conversations/search'),
    read: readConversationTags,
  }),
})

function readConversationTags(io: Io, want: readonly Identity[], author?: Author): AsyncIterable<Observed> {
  return readTags(io, 'conversation', want, (id) => path('conversations', id), tagsInside, author)
}

/** Unlike a contact, a conversation shows all of its tags, also in a search (Intercom-OpenAPI 2.16). */
function tagsInside(conversation: unknown): unknown {
  return property(property(conversation, 'tags'), 'tags')
}
