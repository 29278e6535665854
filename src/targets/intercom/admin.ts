import { Fault, type Io } from '../../connect/index.ts'
import { missingScope, property, requestOf, succeeded, text, throwIfFault } from './answer.ts'
import { oddAnswer } from './tags.ts'

/** Whose token it is: `GET /me`, which needs no permission. */
export interface Me {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly workspaceId: string
  readonly workspace: string
  /** `US`, `EU`, `AU`; absent in old answers. */
  readonly region: string | undefined
}

export async function readMe(io: Io): Promise<Me> {
  const reply = await io.http.send({ method: 'GET', path: '/me', effect: 'read', repeatable: true })
  throwIfFault(reply, 'read who owns it')
  const id = text(property(reply.body, 'id'))
  const app = property(reply.body, 'app')
  const workspaceId = text(property(app, 'id_code'))
  if (!succeeded(reply) || id === undefined || workspaceId === undefined) {
    throw oddAnswer('GET /me', reply)
  }
  return {
    id,
    workspaceId,
    name: text(property(reply.body, 'name')) ?? `admin ${id}`,
    email: text(property(reply.body, 'email')) ?? '',
    workspace: text(property(app, 'name')) ?? workspaceId,
    region: text(property(app, 'region')),
  }
}

/** The id of the admin in whose name conversations and tickets are tagged: the one configured by id or email, else the token's owner. */
export async function resolveAdmin(io: Io, configured: string | undefined): Promise<string> {
  if (configured === undefined) return (await readMe(io)).id
  const reply = await io.http.send({ method: 'GET', path: '/admins', effect: 'read', repeatable: true })
  // Without the right to list admins, an id can still be used: Intercom judges it at the first write.
  if (missingScope(reply) !== undefined && /^\d+$/.test(configured)) return configured
  throwIfFault(reply, 'list admins')
  const admins = property(reply.body, 'admins')
  if (!succeeded(reply) || !Array.isArray(admins)) throw oddAnswer('GET /admins', reply)
  const found: unknown = admins.find((admin) => isCalled(admin, configured))
  const id = text(property(found, 'id'))
  if (id === undefined) throw adminNotFound(configured, requestOf(reply).requestId)
  return id
}

function isCalled(admin: unknown, configured: string): boolean {
  return text(property(admin, 'id')) === configured || text(property(admin, 'email'))?.toLowerCase() === configured.toLowerCase()
}

export function adminNotFound(admin: string, requestId: string | undefined): Fault {
  return new Fault('config', `Intercom has no admin "${admin}" to tag in the name of.`, {
    code: 'admin-not-found',
    advice: 'Set `admin` to the id or email of a teammate of the workspace, or leave it out to use the token\'s owner.',
    ...(requestId === undefined ? {} : { requestId }),
  })
}
