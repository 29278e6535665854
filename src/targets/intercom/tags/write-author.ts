import type { ObservedGroup, HttpReply, Io } from '../../../connect/index.ts'
import { z } from 'zod'
import { answeredAt } from '../answer.ts'

/**
 * The admins that Intercom shows as authors of our writes. Undocumented, so they are learned from what Intercom
 * shows.
 */
export interface Author {
  readonly noun: string
  /** Ids of admins. Several when the token's owner changed: links by any of them may be managed. */
  readonly ids: Set<string>
  /** Whether this Run has read back a link that it just made, or has tried to. */
  looked: boolean
}

/** Maximum seconds between a write and the answer that shows it, so that the link is certainly from that write. */
const fresh = 10

export async function recallAuthor(io: Io, noun: string): Promise<Author> {
  const known = await io.memory.get('connection', memoryName(noun))
  return { noun, ids: new Set(known === undefined ? [] : z.array(z.string()).parse(JSON.parse(known))), looked: false }
}

/** Learns the author of a link that we have just made, as `reply` shows it. An older link is ignored. */
export async function learnAuthor(
  io: Io,
  author: Author | undefined,
  group: ObservedGroup | undefined,
  reply: HttpReply,
): Promise<void> {
  const now = answeredAt(reply)
  if (author === undefined || group?.appliedBy === undefined || group.appliedAt === undefined || now === undefined)
    return
  if (group.appliedAt < now - fresh) return
  author.looked = true
  if (author.ids.has(group.appliedBy)) return
  author.ids.add(group.appliedBy)
  await io.memory.set('connection', memoryName(author.noun), JSON.stringify([...author.ids]))
}

/** Marks links by other authors. Marks nothing while our author is unknown. */
export function markOthers(groups: readonly ObservedGroup[], author: Author | undefined): readonly ObservedGroup[] {
  if (author === undefined || author.ids.size === 0) return groups
  return groups.map((group) =>
    group.appliedBy === undefined || author.ids.has(group.appliedBy) ? group : { ...group, byAnother: true },
  )
}

function memoryName(noun: string): string {
  return `hands:${noun}`
}
