/** The kinds of records that can have tags. */
export const kinds = ['contact', 'company', 'conversation', 'ticket'] as const
export type Kind = (typeof kinds)[number]

/** When a tag was attached to a record, and by which admin. */
export interface Mark {
  /** Unix seconds. */
  readonly at: number
  readonly adminId: string
}

/**
 * Which tags are on which records of one kind, both as numbers. Sized for millions: each link takes one number on
 * each side.
 */
export interface Memberships {
  /** False when it was attached already: the first mark stays. */
  add(targetRecord: number, tag: number, at: number, adminId: string): boolean
  remove(targetRecord: number, tag: number): boolean
  mark(targetRecord: number, tag: number): Mark | null
  has(targetRecord: number, tag: number): boolean
  /** In the order of attaching. */
  tagsOf(targetRecord: number): readonly number[]
  /** In the order of attaching. */
  membersOf(tag: number): Iterable<number>
  count(tag: number): number
  dropTag(tag: number): void
  dropTargetRecord(targetRecord: number): void
}

/** `ageSeconds`: how much older every link now looks than when it was stored (`World.letTimePass`). */
export function createMemberships(ageSeconds: () => number): Memberships {
  const byTag = new Map<number, Map<number, number>>()
  const byTargetRecord = new Map<number, number | number[]>()
  const admins: string[] = []

  const tagsOf = (targetRecord: number): readonly number[] => {
    const held = byTargetRecord.get(targetRecord)
    return held === undefined ? [] : typeof held === 'number' ? [held] : held
  }
  const forget = (targetRecord: number, tag: number): void => {
    const left = tagsOf(targetRecord).filter((held) => held !== tag)
    if (left.length === 0) byTargetRecord.delete(targetRecord)
    else byTargetRecord.set(targetRecord, left.length === 1 ? left[0]! : left)
  }
  const remove = (targetRecord: number, tag: number): boolean => {
    if (!byTag.get(tag)?.delete(targetRecord)) return false
    forget(targetRecord, tag)
    return true
  }

  return {
    add(targetRecord, tag, at, adminId) {
      let members = byTag.get(tag)
      if (members === undefined) byTag.set(tag, (members = new Map()))
      if (members.has(targetRecord)) return false
      let admin = admins.indexOf(adminId)
      if (admin < 0) admin = admins.push(adminId) - 1
      // Time and admin share one number, to save memory with a million links.
      members.set(targetRecord, at * 1024 + admin)
      const held = byTargetRecord.get(targetRecord)
      if (held === undefined) byTargetRecord.set(targetRecord, tag)
      else if (typeof held === 'number') byTargetRecord.set(targetRecord, [held, tag])
      else held.push(tag)
      return true
    },
    remove,
    mark(targetRecord, tag) {
      const packed = byTag.get(tag)?.get(targetRecord)
      return packed === undefined
        ? null
        : { at: Math.floor(packed / 1024) - ageSeconds(), adminId: admins[packed % 1024]! }
    },
    has: (targetRecord, tag) => byTag.get(tag)?.has(targetRecord) ?? false,
    tagsOf,
    membersOf: (tag) => byTag.get(tag)?.keys() ?? [],
    count: (tag) => byTag.get(tag)?.size ?? 0,
    dropTag(tag) {
      for (const targetRecord of byTag.get(tag)?.keys() ?? []) forget(targetRecord, tag)
      byTag.delete(tag)
    },
    dropTargetRecord(targetRecord) {
      for (const tag of [...tagsOf(targetRecord)]) remove(targetRecord, tag)
    },
  }
}
