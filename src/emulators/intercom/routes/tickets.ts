import { ok, ticketNotFound } from '../http/answer.ts'
import { ticketBody } from '../render/ticket.ts'
import type { Route } from '../http/router.ts'

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
