import { Fault, type Io } from '../../connect/index.ts'
import { missingScope, requestOf, throwIfFault } from './answer.ts'
import { admins, me, readReply } from './replies.ts'

/** The token's owner and workspace: `GET /me`, which needs no permission. */
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
  const { id, name, email, app } = readReply(me, reply, 'GET /me')
  return {
    id,
    workspaceId: app.id_code,
    name: name ?? `admin ${id}`,
    email: email ?? '',
    workspace: app.name ?? app.id_code,
    region: app.region ?? undefined,
  }
}

/** Id of the admin who tags conversations and tickets: the one configured by id or email, else the token's owner. */
export async function resolveAdmin(io: Io, configured: string | undefined): Promise<string> {
  if (configured === undefined) return (await readMe(io)).id
  const reply = await io.http.send({ method: 'GET', path: '/admins', effect: 'read', repeatable: true })
  // Without the permission to list admins, use a configured id as it is: Intercom checks it at the first write.
  if (missingScope(reply) !== undefined && /^\d+$/.test(configured)) return configured
  throwIfFault(reply, 'list admins')
  const wanted = configured.toLowerCase()
  const found = readReply(admins, reply, 'GET /admins').admins.find(
    ({ id, email }) => id === configured || email?.toLowerCase() === wanted,
  )
  if (found === undefined) throw adminNotFound(configured, requestOf(reply).requestId)
  return found.id
}

export function adminNotFound(admin: string, requestId: string | undefined): Fault {
  return new Fault('config', `Intercom has no teammate "${admin}" to tag records in the name of.`, {
    code: 'admin-not-found',
    advice:
      'Set `admin` to the id or email of a teammate of the workspace, or remove it to use the owner of the token.',
    ...(requestId === undefined ? {} : { requestId }),
  })
}
