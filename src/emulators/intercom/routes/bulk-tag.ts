import { badParameter, companyNotFound, ok, reject, userNotFound, type Answer } from '../http/answer.ts'
import { fieldsOf, idText } from '../http/body.ts'
import { since216 } from '../http/version.ts'
import { tagBody } from '../render/tag.ts'
import type { Call } from '../http/router.ts'
import type { Workspace } from '../state/workspace.ts'

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
export function bulkTag(call: Call, name: string, list: 'users' | 'companies'): Answer {
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

const invalidTag = badParameter('invalid tag parameters')

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
