import type { FastifyInstance } from 'fastify'
import { countEntries } from '../../store/project/project-entries.ts'
import { countRuns, serverVersion } from '../../store/database/server-facts.ts'
import { mount } from '../mount.ts'
import type { Services } from '../services.ts'
import { sessionToken, setCookie } from '../access/session-cookie.ts'
import { readSettings, readStatus, signIn } from './contract.ts'

export function routes(app: FastifyInstance, services: Services): void {
  const { database, runs, access, server, sealer, now } = services

  mount(app, services, readStatus, async () => ({
    version: server.version,
    startedAt: new Date(server.startedAt).toISOString(),
    now: new Date(now()).toISOString(),
    database: {
      kind: database.embedded ? ('embedded' as const) : ('external' as const),
      version: await serverVersion(database.pool),
    },
    worker: { id: server.worker, running: runs.running, concurrency: server.concurrency },
    counts: { ...(await countEntries(database.pool)), runs: await countRuns(database.pool) },
    access: access.kind,
  }))

  mount(app, services, signIn, async ({ body, request, reply }) => {
    app.checkPassword(body.password, request.ip)
    if (access.kind === 'password')
      reply.header('set-cookie', setCookie(sessionToken(sealer, access.password, now()), request.protocol === 'https'))
    return { ok: true as const }
  })

  mount(app, services, readSettings, () =>
    Promise.resolve({
      keepRunsDays: server.keepRunsDays,
      concurrency: server.concurrency,
      home: server.home,
      configFile: server.configFile,
    }),
  )
}
