import type { FastifyInstance } from 'fastify'
import { freeActivation as takeFrom } from '../../engine/settle-interrupted.ts'
import { listProcesses } from '../../store/queue/processes.ts'
import { findRow } from '../activations/show-activation.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { freeActivation, listWorkers } from './contract.ts'

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
    runs,
    now,
  } = services

  mount(app, services, listWorkers, async () => ({
    items: (await listProcesses(pool)).map(({ startedAt, seenAt, holds, ...rest }) => ({
      ...rest,
      startedAt: startedAt.toISOString(),
      seenAt: seenAt.toISOString(),
      silentMs: Math.max(0, now() - seenAt.getTime()),
      holds: [...holds],
    })),
  }))

  mount(app, services, freeActivation, async ({ params: { activation } }) => {
    const row = await findRow(services, activation)
    if (row === undefined) return { freed: false, from: null, runs: 0, unconfirmed: 0 }
    const { holder, runs: ended, unconfirmed } = await takeFrom(pool, row.id, activation)
    runs.changed([activation])
    return { freed: holder !== undefined || ended > 0, from: holder?.worker ?? null, runs: ended, unconfirmed }
  })
}
