import { ok, type Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, reject, resourceNotFound, companyNotFound, userNotFound } from '../http/answer.ts'
import { fieldsOf, idText } from '../../../../emulator-kit/router.ts'
import type { Call, Route } from '../http/route.ts'
import { tagBody } from '../render/tag.ts'
import { since216 } from '../http/version.ts'
import type { Workspace } from '../state/workspace.ts'

export const tagRoutes: readonly Route[] = [
  {
    // The whole list, without pages.
    method: 'GET',
    path: '/tags',
    effect: 'read',
    scopes: ['read_tags'],
    answer: ({ workspace }) => ok({ type: 'list', data: workspace.tags.sorted().map(tagBody) }),
  },
  {
    method: 'GET',
    path: '/tags/{tag_id}',
    effect: 'read',
    scopes: ['read_tags'],
    answer({ workspace, params }) {
      const tag = workspace.tags.byId(params[0]!)
      return tag === undefined ? resourceNotFound : ok(tagBody(tag))
    },
  },
  {
    // Five operations on one path: create, rename, tag companies, untag companies, tag users.
    method: 'POST',
    path: '/tags',
    effect: 'write',
    scopes: ['write_tags'],
    answer: writeTag,
  },
  {
    method: 'DELETE',
    path: '/tags/{tag_id}',
    effect: 'write',
    scopes: ['write_tags'],
    answer({ workspace, params }) {
      const tag = workspace.tags.byId(params[0]!)
      if (tag === undefined) return resourceNotFound
      const segments = workspace.segments.get(tag.number) ?? []
      if (segments.length > 0) {
        const names = segments.join(', ')
        return reject(
          400,
          'tag_has_dependent_objects',
          `Unable to delete Tag with dependent objects. Segments: ${names}.`,
        )
      }
      workspace.tags.delete(tag)
      workspace.change({ do: 'drop-tag', tag: tag.number })
      return { status: 200 }
    },
  },
]

function writeTag(call: Call): Answer {
  const { workspace, version } = call
  const { id, name, users, companies } = fieldsOf(call.body)
  if (typeof name !== 'string' || name.trim() === '') return invalidTag
  if (users !== undefined && companies !== undefined) return invalidTag
  if (users !== undefined || companies !== undefined)
    return bulkTag(call, name, users === undefined ? 'companies' : 'users')
  if (id === undefined) return ok(bare(workspace.tags.findOrCreate(name)))
  const tag = workspace.tags.byId(idText(id) ?? '')
  if (tag === undefined) return resourceNotFound
  const renamed = workspace.tags.rename(tag, name)
  return renamed === null ? badParameter('Name has already been taken') : ok(bare(renamed))

  function bare(of: Parameters<typeof tagBody>[0]): object {
    const arrays = version.rank >= 216 && workspace.settings.bulkAnswer === 'standard'
    return arrays ? { ...tagBody(of), users: [], companies: [] } : tagBody(of)
  }
}

const invalidTag = badParameter('invalid tag parameters')

/** One entry of the list. `targetRecord` 0: it does not exist. */
interface Entity {
  readonly targetRecord: number
  readonly untag: boolean
}

/**
 * `POST /tags` with a list. The tag is found or created first, and stays whatever happens to the list. Up to 2.15 one
 * missing record rejects the whole list without naming the record, and nothing is tagged. From 2.16 missing records
 * are skipped and the answer lists the tagged ones, companies always by Intercom id.
 */
function bulkTag(call: Call, name: string, list: 'users' | 'companies'): Answer {
  const { workspace, version, admin } = call
  const entries = fieldsOf(call.body)[list]
  if (!Array.isArray(entries)) return invalidTag
  const entities: Entity[] = []
  for (const entry of entries) {
    const entity = list === 'users' ? readUser(workspace, entry) : readCompany(workspace, entry)
    if (entity === null) return invalidTag
    entities.push(entity)
  }

  const tag = workspace.tags.findOrCreate(name)
  const found = entities.filter(({ targetRecord }) => targetRecord > 0)
  if (found.length < entities.length && !since216(version)) return list === 'users' ? userNotFound : companyNotFound
  const kind = list === 'users' ? 'contact' : 'company'
  const at = workspace.seconds()
  for (const { targetRecord, untag } of found) {
    const link = { kind, targetRecord, tag: tag.number } as const
    workspace.change(untag ? { do: 'detach', ...link } : { do: 'attach', ...link, at, adminId: admin.id })
  }

  if (list === 'users' && entries.length > workspace.settings.bulkTimeoutOver) {
    return reject(504, 'server_timeout', 'The server did not answer in time')
  }
  if (!since216(version) || workspace.settings.bulkAnswer === 'bare') return ok(tagBody(tag))
  const { of: idOf } = workspace.directory.ids[kind]
  const done = found.map(({ targetRecord, untag }) => ({ id: idOf(targetRecord), tagged: !untag }))
  return ok({ ...tagBody(tag), users: [], companies: [], [list]: done })
}

function readCompany(workspace: Workspace, entry: unknown): Entity | null {
  const fields = fieldsOf(entry)
  const untag = fields.untag === true
  const id = idText(fields.id)
  if (id !== undefined) return { targetRecord: workspace.company(id), untag }
  const companyId = idText(fields.company_id)
  return companyId === undefined ? null : { targetRecord: workspace.companyByCompanyId(companyId), untag }
}

/**
 * The 1.x API had `untag` for users. Later versions do not; rejecting it is safer than tagging users that should be
 * untagged.
 */
function readUser(workspace: Workspace, entry: unknown): Entity | null {
  const fields = fieldsOf(entry)
  const id = idText(fields.id)
  return id === undefined || fields.untag === true ? null : { targetRecord: workspace.contact(id), untag: false }
}
