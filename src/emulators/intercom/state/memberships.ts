/** When a tag was put on a thing, and by which admin. */
export interface Mark {
  /** Unix seconds. */
  readonly at: number
  readonly adminId: string
}

/** Which tags are on which things of one kind; both sides numbered. Sized for millions: one number a membership on each side. */
export interface Memberships {
  /** False when it was there already: the first mark stays. */
  add(thing: number, tag: number, at: number, adminId: string): boolean
  remove(thing: number, tag: number): boolean
  mark(thing: number, tag: number): Mark | null
  has(thing: number, tag: number): boolean
  /** In the order in which they were attached. */
  tagsOf(thing: number): readonly number[]
  /** In the order in which they were attached. */
  membersOf(tag: number): Iterable<number>
  count(tag: number): number
  dropTag(tag: number): void
  dropThing(thing: number): void
}

/** `ageSeconds`: how much older everything is by now than when it was put there (`World.letTimePass`). */
export function createMemberships(ageSeconds: () => number): Memberships {
  const byTag = new Map<number, Map<number, number>>()
  const byThing = new Map<number, number | number[]>()
  const admins: string[] = []

  const tagsOf = (thing: number): readonly number[] => {
    const held = byThing.get(thing)
    return held === undefined ? [] : typeof held === 'number' ? [held] : held
  }
  const forget = (thing: number, tag: number): void => {
    const left = tagsOf(thing).filter((held) => held !== tag)
    if (left.length === 0) byThing.delete(thing)
    else byThing.set(thing, left.length === 1 ? left[0]! : left)
  }
  const remove = (thing: number, tag: number): boolean => {
    if (!byTag.get(tag)?.delete(thing)) return false
    forget(thing, tag)
    return true
  }

  return {
    add(thing, tag, at, adminId) {
      let members = byTag.get(tag)
      if (members === undefined) byTag.set(tag, members = new Map())
      if (members.has(thing)) return false
      let admin = admins.indexOf(adminId)
      if (admin < 0) admin = admins.push(adminId) - 1
      // Time and admin share one number, which a million memberships can afford.
      members.set(thing, at * 1024 + admin)
      const held = byThing.get(thing)
      if (held === undefined) byThing.set(thing, tag)
      else if (typeof held === 'number') byThing.set(thing, [held, tag])
      else held.push(tag)
      return true
    },
    remove,
    mark(thing, tag) {
      const packed = byTag.get(tag)?.get(thing)
      return packed === undefined ? null : { at: Math.floor(packed / 1024) - ageSeconds(), adminId: admins[packed % 1024]! }
    },
    has: (thing, tag) => byTag.get(tag)?.has(thing) ?? false,
    tagsOf,
    membersOf: (tag) => byTag.get(tag)?.keys() ?? [],
    count: (tag) => byTag.get(tag)?.size ?? 0,
    dropTag(tag) {
      for (const thing of byTag.get(tag)?.keys() ?? []) forget(thing, tag)
      byTag.delete(tag)
    },
    dropThing(thing) {
      for (const tag of [...tagsOf(thing)]) remove(thing, tag)
    },
  }
}
