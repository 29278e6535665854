import { Fault, type Account, type ConnectedAs, type HttpRequest, type Io, type Right } from '../../connect/index.ts'
import { missingScope, scopeAdvice, scopeName, succeeded, vendorError } from './answer.ts'
import { readMe } from './admin.ts'
import type { IntercomConfig } from './config.ts'

interface Probe {
  readonly name: string
  readonly neededFor: readonly string[]
  readonly request: Pick<HttpRequest, 'method' | 'path' | 'query' | 'body'>
  /**
   * Statuses other than 2xx that also prove the permission: Intercom accepted the caller, then rejected the
   * incomplete request.
   */
  readonly proofs: readonly number[]
}

const everyTag = ['contact_tag', 'company_tag', 'conversation_tag', 'ticket_tag']
const everyRecord = ['contact', 'company']
const threads = ['conversation_tag', 'ticket_tag']

/**
 * No endpoint lists a token's permissions, so each one is tried. The write probes omit the tag or name a contact that
 * cannot exist, so they change nothing.
 */
const probes: readonly Probe[] = [
  { name: 'Read tags', neededFor: everyTag, request: { method: 'GET', path: '/tags' }, proofs: [] },
  { name: 'Write tags', neededFor: everyTag, request: { method: 'POST', path: '/tags', body: {} }, proofs: [400, 422] },
  {
    name: 'Read and list users and companies',
    neededFor: ['contact', 'contact_tag', 'contact_company'],
    request: {
      method: 'POST',
      path: '/contacts/search',
      body: { query: { field: 'role', operator: '=', value: 'user' }, pagination: { per_page: 1 } },
    },
    proofs: [],
  },
  {
    name: 'Read and list users and companies',
    neededFor: ['company', 'company_tag', 'contact_company'],
    request: { method: 'POST', path: '/companies/list', query: { per_page: '1' } },
    proofs: [],
  },
  {
    name: 'Read and list users and companies',
    neededFor: everyRecord,
    request: { method: 'GET', path: '/data_attributes', query: { model: 'contact' } },
    proofs: [],
  },
  {
    name: 'Write users and companies',
    neededFor: [...everyRecord, 'contact_company'],
    request: { method: 'PUT', path: '/contacts/0', body: {} },
    proofs: [400, 404, 422],
  },
  {
    // A ticket shows its tags only on its conversation.
    name: 'Read conversations',
    neededFor: threads,
    request: {
      method: 'POST',
      path: '/conversations/search',
      body: { query: { field: 'id', operator: '=', value: '0' }, pagination: { per_page: 1 } },
    },
    proofs: [],
  },
  {
    name: 'Write conversations',
    neededFor: ['conversation_tag'],
    request: { method: 'POST', path: '/conversations/0/tags', body: {} },
    proofs: [400, 404, 422],
  },
  { name: 'Read tickets', neededFor: ['ticket_tag'], request: { method: 'GET', path: '/tickets/0' }, proofs: [404] },
  {
    name: 'Write tickets',
    neededFor: ['ticket_tag'],
    request: { method: 'POST', path: '/tickets/0/tags', body: {} },
    proofs: [400, 404, 422],
  },
  { name: 'Read admins', neededFor: threads, request: { method: 'GET', path: '/admins' }, proofs: [] },
]

/** The workspace and the token's owner, by `GET /me`. Throws if the workspace is in another region than configured. */
export async function identify(io: Io<IntercomConfig>): Promise<Account> {
  const { config } = io
  const me = await readMe(io)
  const region = me.region?.toLowerCase()
  if (config.baseUrl === undefined && region !== undefined && region !== config.region) {
    throw new Fault(
      'config',
      `The workspace "${me.workspace}" is in region ${region}, but the target has region ${config.region}.`,
      {
        code: 'wrong-region',
        advice: `Set the target's \`region: ${region}\`.`,
      },
    )
  }
  return {
    accountId: me.workspaceId,
    account: me.region === undefined ? me.workspace : `${me.workspace} (${me.region})`,
    user: me.email === '' ? me.name : `${me.name} <${me.email}>`,
  }
}

export async function check(io: Io<IntercomConfig>): Promise<ConnectedAs> {
  const account = await identify(io)
  const tried = await Promise.all(probes.map((probe) => tryRight(io, probe)))
  return { ...account, rights: merged(tried) }
}

async function tryRight(io: Io, { name, neededFor, request, proofs }: Probe): Promise<Right> {
  const reply = await io.http.send({ ...request, effect: 'read', repeatable: true })
  if (succeeded(reply) || proofs.includes(reply.status)) return { name, neededFor, granted: true }
  const { code, message } = vendorError(reply)
  const scope = missingScope(reply)
  if (scope !== undefined && scopeName(scope) !== name && scopeName(scope) !== scope) {
    return { name, neededFor, granted: 'unknown', advice: `It cannot be tested without "${scopeName(scope)}".` }
  }
  if (scope !== undefined) return { name, neededFor, granted: false, advice: scopeAdvice(name) }
  const said = `Intercom answered ${reply.status}${message === '' ? '' : `: ${message}`}.`
  if (reply.status === 402 || reply.status === 403) {
    const advice = code === 'api_plan_restricted' ? "Check the workspace's subscription." : scopeAdvice(name)
    return { name, neededFor, granted: false, advice: `${said} ${advice}` }
  }
  return { name, neededFor, granted: 'unknown', advice: `${said} ${scopeAdvice(name)}` }
}

/** Several probes can test one permission: it is granted only when all of them succeed. */
function merged(rights: readonly Right[]): readonly Right[] {
  const byName = new Map<string, Right>()
  for (const right of rights) {
    const other = byName.get(right.name)
    const worse = other === undefined || rank(right) > rank(other) ? right : other
    byName.set(right.name, { ...worse, neededFor: [...new Set([...(other?.neededFor ?? []), ...right.neededFor])] })
  }
  return [...byName.values()]
}

function rank({ granted }: Right): number {
  return granted === true ? 0 : granted === 'unknown' ? 1 : 2
}
