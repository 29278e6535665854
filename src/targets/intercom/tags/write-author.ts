import type { ObservedGroup, HttpReply, Io } from '../../../connect/index.ts'
import { z } from 'zod'
import { answeredAt } from '../answer.ts'

/** In whose name our writes appear. Nothing documents whom Intercom takes for them, so it is learned from what it shows. */
export interface Author {
  readonly noun: string
  /** Ids of admins. Several, when the token has changed hands: what we did by any of them may be ours. */
  readonly ids: Set<string>
  /** Whether this Run has seen a membership that it has just made, or has looked for one. */
  looked: boolean
}

/** Seconds between a write and the answer that shows it, at most, to be sure that it is ours. */
const fresh = 10

export async function recallAuthor(io: Io, noun: string): Promise<Author> {
  const known = await io.memory.get('connection', memoryName(noun))
  return { noun, ids: new Set(known === undefined ? [] : z.array(z.string()).parse(JSON.parse(known))), looked: false }
}

/** Learns from a membership that we have just made, as `reply` shows it; one that stood before teaches nothing. */
export async function learnAuthor(io: Io, author: Author | undefined, group: ObservedGroup | undefined, reply: HttpReply): Promise<void> {
  const now = answeredAt(reply)
  if (author === undefined || group?.appliedBy === undefined || group.appliedAt === undefined || now === undefined) return
  if (group.appliedAt < now - fresh) return
  author.looked = true
  if (author.ids.has(group.appliedBy)) return
  author.ids.add(group.appliedBy)
  await io.memory.set('connection', memoryName(author.noun), JSON.stringify([...author.ids]))
}

/** Marks what somebody else put on. As long as our hand is not known, nothing is said. */
export function markOthers(groups: readonly ObservedGroup[], author: Author | undefined): readonly ObservedGroup[] {
  if (author === undefined || author.ids.size === 0) return groups
  return groups.map((group) => group.appliedBy === undefined || author.ids.has(group.appliedBy) ? group : { ...group, byAnother: true })
}

function memoryName(noun: string): string {
  return `hands:${noun}`
}
