import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Powers } from '../emulator.ts'
import type { AttributeModel } from '../options.ts'
import { kinds, type Kind } from '../state/memberships.ts'
import type { World } from '../world.ts'
import type { ContactSeen } from '../world-records.ts'
import { actions } from './actions.ts'
import { resetOptions } from './reset-options.ts'

interface ControlCall {
  readonly powers: Powers
  readonly body: unknown
  /** Parts of the path after `/_emulator/`, decoded. */
  readonly parts: readonly string[]
}

const done = { ok: true }

/** The emulator's own paths, which Intercom does not have: `METHOD first-part`. They need no token. */
const paths: Readonly<Record<string, (call: ControlCall) => unknown>> = {
  'GET ': ({ powers: { token, world, requests, faults } }) => ({
    token,
    ...world.summary(),
    requests: requests.counters(),
    faults: faults.list(),
  }),
  'GET state': ({ powers }) => powers.world.summary(),
  'GET tags': ({ powers, parts }) => members(powers, parts[1], parts[2]),
  'GET contacts': ({ powers: { world }, parts }) => ({ contacts: contacts(world, parts[1], parts[2]) }),
  'GET companies': ({ powers: { world }, parts }) => ({
    companies: parts[1] === undefined ? world.createdCompanies() : present(world.company(parts[1])),
  }),
  'GET attributes': ({ powers: { world }, parts }) => ({ attributes: world.attributes(modelOf(parts[1])) }),
  'GET requests': ({ powers }) => ({ ...powers.requests.counters(), windows: powers.requests.windows() }),
  'GET log': ({ powers }) => ({ requests: powers.requests.latest() }),
  'DELETE requests': ({ powers }) => (powers.requests.clear(), done),
  'GET faults': ({ powers }) => ({ faults: powers.faults.list() }),
  'POST faults': ({ powers, body }) => powers.faults.add(body as Parameters<Powers['faults']['add']>[0]),
  'DELETE faults': ({ powers, parts }) => {
    if (parts[1] === undefined) powers.faults.clear()
    else if (!powers.faults.remove(Number(parts[1]))) throw new Error(`there is no fault ${parts[1]}`)
    return done
  },
  'POST reset': ({ powers, body }) => (powers.reset(resetOptions.parse(body ?? {})), powers.world.summary()),
  'POST do': ({ powers, body }) => actions(powers, body) ?? done,
}

const known = Object.keys(paths).map((path) => path.replace(' ', ' /_emulator/'))

/** Answers requests under `/_emulator/`. Invalid input: 400 with a message; unknown path: 404 with all paths. */
export function createControl(powers: Powers): (req: IncomingMessage, res: ServerResponse, text: string) => void {
  return (req, res, text) => {
    const parts = (req.url ?? '').split('?')[0]!.split('/').slice(2)
    const act = paths[`${req.method} ${parts[0] ?? ''}`]
    if (act === undefined) return reply(res, 404, { error: 'unknown path', paths: known })
    try {
      reply(
        res,
        200,
        act({ powers, parts: parts.map(decodeURIComponent), body: text === '' ? undefined : JSON.parse(text) }),
      )
    } catch (error) {
      if (!(error instanceof Error)) throw error
      reply(res, 400, { error: error instanceof z.ZodError ? z.prettifyError(error) : error.message })
    }
  }
}

const plurals: Readonly<Record<string, Kind>> = {
  contacts: 'contact',
  companies: 'company',
  conversations: 'conversation',
  tickets: 'ticket',
}

/** Without `by`: the contacts created since the start. */
function contacts(world: World, by: string | undefined, name: string | undefined): ContactSeen[] {
  if (by === undefined) return world.createdContacts()
  if (name === undefined) return present(world.contact(by))
  if (by === 'external_id') return world.contacts({ external_id: name })
  if (by === 'email') return world.contacts({ email: name })
  throw new Error(`${by}: expected external_id or email`)
}

function present<Item>(targetRecord: Item | undefined): Item[] {
  return targetRecord === undefined ? [] : [targetRecord]
}

function modelOf(part: string | undefined): AttributeModel {
  if (part === 'contact' || part === 'company' || part === 'conversation') return part
  throw new Error(`${part ?? ''}: expected contact, company or conversation`)
}

function members({ world }: Powers, tag: string | undefined, plural: string | undefined): unknown {
  if (tag === undefined) return { tags: world.summary().tags }
  if (plural === undefined) return { tag, ...Object.fromEntries(kinds.map((kind) => [kind, world.members(tag, kind)])) }
  const kind = plurals[plural]
  if (kind === undefined) throw new Error(`${plural}: expected one of ${Object.keys(plurals).join(', ')}`)
  return { tag, ids: world.members(tag, kind) }
}

function reply(res: ServerResponse, status: number, json: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
  res.end(`${JSON.stringify(json)}\n`)
}
