import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { keptOfReason } from '../../engine/delivery/exchange-keeper.ts'
import { isCut } from '../../http/captured-call.ts'
import { readExchanges, type ExchangeBody, type ExchangeEntry } from '../../store/ledger/exchanges.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { listExchanges, type exchange } from './contract.ts'
import { requireRun } from './show-run.ts'

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
  } = services

  mount(app, services, listExchanges, async ({ params: { run: id }, query: { record } }) => {
    const run = await requireRun(pool, id)
    return { items: (await readExchanges(pool, [run.id], record)).map(shown), keptOfReason }
  })
}

function shown({
  ordinal,
  status,
  code,
  at,
  method,
  path,
  request,
  httpStatus,
  answer,
  requestId,
  trouble,
}: ExchangeEntry): z.output<typeof exchange> {
  return {
    ordinal,
    status,
    code,
    at: at.toISOString(),
    method,
    path,
    request: bodyOf(request),
    httpStatus: httpStatus ?? null,
    answer: bodyOf(answer),
    requestId: requestId ?? null,
    trouble: trouble ?? null,
  }
}

function bodyOf(body: ExchangeBody | undefined): z.output<typeof exchange>['request'] {
  return body === undefined ? null : { ...body, cut: isCut(body) }
}
