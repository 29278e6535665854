import { readEach, type HeldMember, type HttpReply, type Identity, type Io, type Observed, type Survey } from '../../connect/index.ts'
import { property, requestOf, succeeded, text, throwIfFault, vendorError } from './answer.ts'
import type { Ready } from './resolve-tags.ts'
import { oddAnswer, totalOf } from './tags.ts'

/** A kind of thing with a search of its own (Intercom-OpenAPI 2.16: "Search contacts", "Search conversations"). */
export interface Searchable {
  readonly noun: 'contact' | 'conversation'
  readonly path: string
  /** Where the answer lists them. */
  readonly list: string
  /** The search field that holds the ids of their tags. */
  readonly tagField: string
  /** Things a page, at most; also how many ids go into one search. */
  readonly perCall: number
  /** The tags of one found thing; undefined where the answer cuts them short. */
  tagsOf(thing: unknown, reply: HttpReply): readonly HeldMember[] | undefined
  /** Direct reads, for those. */
  observe(io: Io, want: readonly Identity[]): AsyncIterable<Observed>
}

/** Asked for with anything else, a search may refuse the whole group. */
export const looksLikeId = /^[\w-]{1,64}$/

/** Groups under way at once: enough to keep all requests busy, few enough to hold little in memory. */
const groupsAtOnce = 50

/** Things seen through a search. Its index lags by minutes, and a tag it does not know yet is on nothing. */
export function searchSurvey(things: Searchable): Survey<Ready> {
  return {
    perCall: things.perCall,

    async count(io, _ready, member) {
      const reply = await search(io, things, tagged(things, member), 1)
      const total = property(reply.body, 'total_count')
      if (reply.status === 404) return 0
      if (!succeeded(reply) || typeof total !== 'number') throw oddAnswer(`POST ${things.path}`, reply)
      return total
    },

    async population(io) {
      const list = things.noun === 'contact' ? '/contacts' : '/conversations'
      const reply = await io.http.send({ method: 'GET', path: list, query: { per_page: '1' }, effect: 'read', repeatable: true })
      return totalOf(reply, `count ${things.noun}s`, `GET ${list}`)
    },

    async *holders(io, _ready, member) {
      let cursor: string | undefined
      do {
        const reply = await search(io, things, tagged(things, member), things.perCall, cursor)
        if (reply.status === 404) return
        const ids = found(things, reply).map((thing) => text(property(thing, 'id'))).filter((id) => id !== undefined)
        if (ids.length > 0) yield ids
        const next = text(property(property(property(reply.body, 'pages'), 'next'), 'starting_after'))
        if (next !== undefined && next === cursor) throw oddAnswer(`POST ${things.path} (a page that leads to itself)`, reply)
        cursor = next
      } while (cursor !== undefined)
    },

    async *of(io, _ready, want) {
      const askable = want.filter(({ value }) => looksLikeId.test(value))
      for await (const { shown, cut } of readEach(groupsOf(askable, things.perCall), (group) => look(io, things, group), groupsAtOnce)) {
        yield* shown
        if (cut.length > 0) yield* things.observe(io, cut)
      }
    },
  }
}

/** What one search shows of a group: things with all their tags, and those whose tags it cut short. */
async function look(
  io: Io, things: Searchable, group: readonly Identity[],
): Promise<{ readonly shown: readonly Observed[]; readonly cut: readonly Identity[] }> {
  const query = { field: 'id', operator: 'IN', value: group.map(({ value }) => value) }
  const reply = await search(io, things, query, things.perCall)
  const shown: Observed[] = []
  const cut: Identity[] = []
  if (reply.status === 400 || reply.status === 422) {
    // One id it does not like is no reason to stop: nothing is said about the group, so its things count as not in the index.
    io.log.warn(`Intercom refused a search for ${group.length} ${things.noun}s`, { ...vendorError(reply), ...requestOf(reply) })
    return { shown, cut }
  }
  const asked = new Map(group.map((identity) => [identity.value, identity]))
  for (const thing of found(things, reply)) {
    const identity = asked.get(text(property(thing, 'id')) ?? '')
    if (identity === undefined) continue
    const members = things.tagsOf(thing, reply)
    if (members === undefined) cut.push(identity)
    else shown.push({ identity, targetId: identity.value, members })
  }
  return { shown, cut }
}

function tagged({ tagField }: Searchable, tagId: string): object {
  return { field: tagField, operator: '=', value: tagId }
}

async function search(io: Io, { noun, path }: Searchable, query: object, perPage: number, after?: string): Promise<HttpReply> {
  const pagination = { per_page: perPage, ...(after === undefined ? {} : { starting_after: after }) }
  const reply = await io.http.send({ method: 'POST', path, body: { query, pagination }, effect: 'read', repeatable: true })
  throwIfFault(reply, `search ${noun}s`)
  return reply
}

function found({ path, list }: Searchable, reply: HttpReply): readonly unknown[] {
  const things = property(reply.body, list)
  if (!succeeded(reply) || !Array.isArray(things)) throw oddAnswer(`POST ${path}`, reply)
  return things
}

export function groupsOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) => items.slice(group * size, (group + 1) * size))
}
