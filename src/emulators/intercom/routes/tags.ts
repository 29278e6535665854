import { badParameter, ok, reject, resourceNotFound, type Answer } from '../http/answer.ts'
import { fieldsOf, idText } from '../http/body.ts'
import { tagBody } from '../render/tag.ts'
import { bulkTag } from './bulk-tag.ts'
import type { Call, Route } from '../http/router.ts'

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
