import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { resourceNotFound, ticketNotFound } from '../http/answer.ts'
import { pagesBody, readPage } from '../http/paging.ts'
import { conversationBody } from '../render/conversation.ts'
import { conversationFields } from '../search/conversation-fields.ts'
import { search, type Found } from '../search/search.ts'
import type { Call, Route } from '../http/route.ts'
import type { View } from '../state/view.ts'
import { ticketBody } from '../render/ticket.ts'

const perPage = 20
const maxPage = 150

export const conversationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/conversations/{conversation_id}',
    effect: 'read',
    scopes: ['read_conversations'],
    answer({ workspace, params, version }) {
      const conversation = workspace.conversation(params[0]!)
      if (conversation > 0) return ok(conversationBody(workspace, workspace.live, conversation, version, true))
      const ticket = workspace.ticket(params[0]!)
      return ticket === 0
        ? resourceNotFound
        : ok(conversationBody(workspace, workspace.live, ticket, version, true, 'ticket'))
    },
  },
  {
    method: 'GET',
    path: '/conversations',
    effect: 'read',
    scopes: ['read_conversations'],
    answer(call) {
      const { workspace, query } = call
      const page = readPage(query.get('per_page'), query.get('starting_after'), perPage, maxPage)
      if ('status' in page) return page
      const total = workspace.count('conversation')
      const targetRecords = Array.from(
        { length: Math.max(0, Math.min(page.perPage, total - page.after)) },
        (_, at) => page.after + at + 1,
      )
      const end = page.after + targetRecords.length
      return listBody(call, workspace.indexed(), { targetRecords, total, page, last: end < total ? end : null })
    },
  },
  {
    method: 'POST',
    path: '/conversations/search',
    effect: 'read',
    scopes: ['read_conversations'],
    answer(call) {
      const view = call.workspace.indexed()
      const found = search(call, view, conversationFields(call.workspace), {
        kind: 'conversation',
        perPage,
        maxPage,
        checkSort: false,
        exists: () => true,
      })
      return 'status' in found ? found : listBody(call, view, found)
    },
  },
]

function listBody({ workspace, version }: Call, view: View, { targetRecords, total, page, last }: Found): Answer {
  return ok({
    type: 'conversation.list',
    conversations: targetRecords.map((targetRecord) => conversationBody(workspace, view, targetRecord, version, false)),
    total_count: total,
    pages: pagesBody(page, total, last),
  })
}

export const ticketRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/tickets/{ticket_id}',
    effect: 'read',
    scopes: ['read_tickets'],
    since: 210,
    answer({ workspace, params, version }) {
      const ticket = workspace.ticket(params[0]!)
      return ticket === 0 ? ticketNotFound : ok(ticketBody(workspace, ticket, version))
    },
  },
]
