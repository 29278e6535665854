import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import type { listActivations } from '../api/activations/contract.ts'
import { planApply } from '../api/config/apply-config.ts'
import { differs } from '../api/config/config-changes.ts'
import type { applyConfig } from '../api/config/contract.ts'
import type { BodyOf, ReplyOf } from '../api/endpoint.ts'
import { entryReferences } from '../api/project/entry-references.ts'
import { entryEnv } from '../api/project/project-config.ts'
import { exportConfig } from '../api/config/export-config.ts'
import type { problem } from '../api/shared.ts'
import type { SharedEvent } from '../server/share-events.ts'
import { Fault, type FaultKind } from '../model/fault.ts'
import { nearestNames } from '../model/nearest-names.ts'
import { openBroadcast } from '../store/queue/broadcast.ts'
import { listAllEntries, pauseEntry } from '../store/project/project-entries.ts'
import { openSecretKey } from '../store/project/secret-key.ts'
import { createSealer } from '../store/project/sealer.ts'
import { homeOf, openProjectDatabase } from '../server/process/local-project.ts'
import type { GlobalOptions, Host } from '../server/process/host.ts'

/** Access to a server's saved Connections and Activations. */
export interface ConfigPlace {
  /** `file`: the name of the text in messages. */
  apply(asked: BodyOf<typeof applyConfig>, file: string): Promise<ReplyOf<typeof applyConfig>>
  export(): Promise<string>
  /** Pauses or resumes these Activations, or all. Changes none if a name is unknown. Returns the names. */
  pause(names: readonly string[] | undefined, paused: boolean): Promise<readonly string[]>
}

/** Uses the project's control database; or, if `server` is given, that server's API. */
export async function withConfigPlace<T>(
  host: Host,
  globals: GlobalOptions,
  server: string | undefined,
  work: (place: ConfigPlace) => Promise<T>,
): Promise<T> {
  if (server !== undefined) return await work(servedPlace(host, server))
  const home = homeOf(host, globals.config)
  const database = await openProjectDatabase(host, home, host.env['DATABASE_URL'])
  try {
    const sealer = createSealer(await openSecretKey(home, host.env['TAILRACE_SECRET_KEY']))
    const { connectors, env, terminal, cwd } = host
    const dir = dirname(resolve(cwd, globals.config))
    const options = {
      database: database.pool,
      sealer,
      connectors,
      env: entryEnv(env),
      references: entryReferences(env, dir),
      dir,
      hide: (secrets: readonly string[]) => terminal.hide([...secrets]),
    }
    const publish = (activations: readonly string[]): void =>
      openBroadcast<SharedEvent>({
        pool: database.pool,
        schema: database.schema,
        from: host.worker,
        onTrouble: (error) => host.log.debug('a server could not be notified', { message: String(error) }),
      }).publish({ type: 'changed', activations })
    return await work({
      async apply({ yaml, prune = false, apply = false, expect }, file) {
        const plan = await planApply(options, { text: yaml, file, prune })
        if (expect !== undefined && expect !== plan.hash) throw differs()
        if (apply) {
          await plan.perform()
          publish(plan.activations)
        }
        return { changes: [...plan.changes], hash: plan.hash, applied: apply }
      },
      export: () => exportConfig(database.pool),
      async pause(named, paused) {
        const saved = (await listAllEntries(database.pool, ['activations'])).map(({ name }) => name)
        const names = named ?? saved
        rejectUnknown(names, saved)
        for (const name of names) await pauseEntry(database.pool, name, paused)
        publish(names)
        return names
      },
    })
  } finally {
    await database.close()
  }
}

function servedPlace(host: Host, server: string): ConfigPlace {
  const password = host.env['TAILRACE_PASSWORD']
  if (password) host.terminal.hide([password])
  const ask = async (path: string, body?: object): Promise<Response> => {
    const reply = await fetch(addressOf(server, path), {
      method: body === undefined ? 'GET' : 'POST',
      signal: host.stops.stop,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(password && { authorization: `Bearer ${password}` }),
      },
    }).catch((error: unknown) => {
      throw new Fault('transient', `The server at ${server} cannot be reached.`, {
        code: 'server-unreachable',
        advice: 'Check the address, and check that "tailrace up" runs there.',
        cause: error,
      })
    })
    if (!reply.ok) throw await rejection(reply, server)
    return reply
  }
  return {
    apply: async (asked) => (await (await ask('/api/config/apply', asked)).json()) as ReplyOf<typeof applyConfig>,
    export: async () => await (await ask('/api/config')).text(),
    async pause(named, paused) {
      const saved: string[] = []
      for (let next: string | null = ''; next !== null;) {
        const page = (await (
          await ask(`/api/activations?limit=200${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`)
        ).json()) as ReplyOf<typeof listActivations>
        saved.push(...page.items.map(({ name }) => name))
        next = page.next
      }
      const names = named ?? saved
      rejectUnknown(names, saved)
      for (const name of names)
        await ask(`/api/activations/${encodeURIComponent(name)}/${paused ? 'pause' : 'resume'}`, {})
      return names
    },
  }
}

/** Called before any Activation is changed. */
function rejectUnknown(names: readonly string[], saved: readonly string[]): void {
  const unknown = names.find((name) => !saved.includes(name))
  if (unknown === undefined) return
  const near = nearestNames(unknown, saved)
  throw new Fault('usage', `No activation "${unknown}" is saved in the server.`, {
    code: 'activation-not-found',
    advice:
      near.length > 0
        ? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
        : '"tailrace export" shows the saved config; "tailrace apply" saves a tailrace.yaml.',
  })
}

function addressOf(server: string, path: string): URL {
  if (URL.canParse(path, server) && /^https?:/.test(server)) return new URL(path, server)
  throw new Fault('usage', `--server ${server} is not a web address.`, {
    code: 'server-unreachable',
    advice: 'Write an address such as http://localhost:4000.',
  })
}

/** Converts the server's problem document to a Fault. */
async function rejection(reply: Response, server: string): Promise<Fault> {
  if (!/problem\+json/.test(reply.headers.get('content-type') ?? '')) {
    return new Fault('transient', `${server} answered ${reply.status}, but not like a Tailrace server.`, {
      code: 'server-unreachable',
      advice: 'Check the address.',
    })
  }
  const said = (await reply.json()) as z.output<typeof problem>
  const kind: FaultKind =
    said.status === 409 || said.status === 412
      ? 'blocked'
      : said.status === 401
        ? 'auth'
        : said.status >= 500
          ? 'transient'
          : 'usage'
  const all = said.errors.map(({ detail }) => `\n  ${detail}`).join('')
  return new Fault(kind, `${said.detail}${all}`, {
    code: said.code,
    where: server,
    ...(said.advice !== null && { advice: said.advice }),
  })
}
