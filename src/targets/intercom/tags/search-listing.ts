import type { z } from 'zod'
import {
  readEach,
  type ObservedGroup,
  type HttpReply,
  type Identity,
  type Io,
  type Observed,
  type Listing,
} from '../../../connect/index.ts'
import { requestOf, throwIfFault, vendorError } from '../answer.ts'
import type { Ready } from './resolve-tags.ts'
import { conversations, counted, cursorIn, oddAnswer, readReply, targetRecords, type targetRecord } from '../replies.ts'
import { totalOf } from './tags.ts'

/**
 * An object with its own search (Intercom-OpenAPI 2.16: "Search contacts", "Search conversations"), and how to read
 * its groups.
 */
export interface Searched {
  readonly noun: 'contact' | 'conversation'
  readonly path: string
  /** Maximum number of target records per page; also the number of ids in one search. */
  readonly perCall: number
  /** The groups of a found target record, such as its tags; undefined where the answer cuts the list. */
  groupsOf(targetRecord: unknown, reply: HttpReply): readonly ObservedGroup[] | undefined
  /** Direct reads, for the target records with a cut list. */
  read(io: Io, want: readonly Identity[]): AsyncIterable<Observed>
}

export interface TagSearched extends Searched {
  /** The search field with the ids of the tags. */
  readonly tagField: string
}

/** Searches accept ids of this form; any other value may make Intercom reject the whole batch. */
export const looksLikeId = /^[\w-]{1,64}$/

/** Batches in flight at once: enough to keep all requests busy, few enough to use little memory. */
const groupsAtOnce = 50

/** A listing through a search. Its index lags by minutes; a tag that it does not know yet is on nothing. */
export function searchListing(targetRecords: TagSearched): Listing<Ready> {
  return {
    perCall: targetRecords.perCall,

    async count(io, _ready, group) {
      const reply = await search(io, targetRecords, tagged(targetRecords, group), 1)
      if (reply.status === 404) return 0
      return readReply(counted, reply, `POST ${targetRecords.path}`).total_count
    },

    population: (io) => searchedPopulation(io, targetRecords),

    async *holders(io, _ready, group) {
      let cursor: string | undefined
      do {
        const reply = await search(io, targetRecords, tagged(targetRecords, group), targetRecords.perCall, cursor)
        if (reply.status === 404) return
        const page = found(targetRecords, reply)
        if (page.targetRecords.length > 0) yield page.targetRecords.map(({ id }) => id)
        const next = cursorIn(page)
        if (next !== undefined && next === cursor)
          throw oddAnswer(`POST ${targetRecords.path}`, reply, 'the next page is the same page')
        cursor = next
      } while (cursor !== undefined)
    },

    of: (io, _ready, want) => lookThrough(io, targetRecords, want),
  }
}

/** Looks up many target records at once. Those with more groups than the search shows are read directly. */
export async function* lookThrough(
  io: Io,
  targetRecords: Searched,
  want: readonly Identity[],
): AsyncGenerator<Observed> {
  const valid = want.filter(({ value }) => looksLikeId.test(value))
  for await (const { shown, cut } of readEach(
    groupsOf(valid, targetRecords.perCall),
    (group) => lookUp(io, targetRecords, group),
    groupsAtOnce,
  )) {
    yield* shown
    if (cut.length > 0) yield* targetRecords.read(io, cut)
  }
}

export async function searchedPopulation(io: Io, { noun }: Searched): Promise<number> {
  const list = noun === 'contact' ? '/contacts' : '/conversations'
  const reply = await io.http.send({
    method: 'GET',
    path: list,
    query: { per_page: '1' },
    effect: 'read',
    repeatable: true,
  })
  return totalOf(reply, `count ${noun}s`, `GET ${list}`)
}

/** One search for a batch: target records with all their groups, and those whose groups the answer cuts. */
async function lookUp(
  io: Io,
  targetRecords: Searched,
  group: readonly Identity[],
): Promise<{ readonly shown: readonly Observed[]; readonly cut: readonly Identity[] }> {
  const query = { field: 'id', operator: 'IN', value: group.map(({ value }) => value) }
  const reply = await search(io, targetRecords, query, targetRecords.perCall)
  const shown: Observed[] = []
  const cut: Identity[] = []
  if (reply.status === 400 || reply.status === 422) {
    // One invalid id must not stop the Run: this batch yields nothing, so its target records count as not in the
    // index.
    io.log.warn(`Intercom rejected a search for ${group.length} ${targetRecords.noun}s`, {
      ...vendorError(reply),
      ...requestOf(reply),
    })
    return { shown, cut }
  }
  const asked = new Map(group.map((identity) => [identity.value, identity]))
  for (const targetRecord of found(targetRecords, reply).targetRecords) {
    const identity = asked.get(targetRecord.id)
    if (identity === undefined) continue
    const groups = targetRecords.groupsOf(targetRecord, reply)
    if (groups === undefined) cut.push(identity)
    else shown.push({ identity, targetId: identity.value, groups })
  }
  return { shown, cut }
}

function tagged({ tagField }: TagSearched, tagId: string): object {
  return { field: tagField, operator: '=', value: tagId }
}

async function search(
  io: Io,
  { noun, path }: Searched,
  query: object,
  perPage: number,
  after?: string,
): Promise<HttpReply> {
  const pagination = { per_page: perPage, ...(after === undefined ? {} : { starting_after: after }) }
  const reply = await io.http.send({
    method: 'POST',
    path,
    body: { query, pagination },
    effect: 'read',
    repeatable: true,
  })
  throwIfFault(reply, `search ${noun}s`)
  return reply
}

function found(
  { path, noun }: Searched,
  reply: HttpReply,
): {
  readonly targetRecords: readonly z.output<typeof targetRecord>[]
  readonly pages?: z.output<typeof targetRecords>['pages']
} {
  const request = `POST ${path}`
  if (noun === 'contact') {
    const { data, pages } = readReply(targetRecords, reply, request)
    return { targetRecords: data, pages }
  }
  const { conversations: data, pages } = readReply(conversations, reply, request)
  return { targetRecords: data, pages }
}

export function groupsOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  )
}
