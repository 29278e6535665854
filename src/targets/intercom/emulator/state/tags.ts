export interface Tag {
  /** The id as a number; in JSON it is a string. */
  readonly number: number
  readonly id: string
  readonly name: string
}

/** The workspace's tags. Names are compared ignoring case, and the first spelling stays. */
export interface Tags {
  byId(id: string): Tag | undefined
  byNumber(number: number): Tag | undefined
  byName(name: string): Tag | undefined
  findOrCreate(name: string): Tag
  /** The renamed tag, or null when another tag has that name. */
  rename(tag: Tag, name: string): Tag | null
  delete(tag: Tag): void
  /** By name, ignoring case: the order of `GET /tags`. */
  sorted(): readonly Tag[]
}

const firstId = 101

export function createTags(): Tags {
  const byId = new Map<string, Tag>()
  const byName = new Map<string, Tag>()
  let next = firstId
  let sorted: Tag[] | null = null
  const put = (tag: Tag): Tag => {
    byId.set(tag.id, tag)
    byName.set(tag.name.toLowerCase(), tag)
    sorted = null
    return tag
  }
  return {
    byId: (id) => byId.get(id),
    byNumber: (number) => byId.get(String(number)),
    byName: (name) => byName.get(name.toLowerCase()),
    findOrCreate(name) {
      const known = byName.get(name.toLowerCase())
      if (known !== undefined) return known
      const number = next++
      return put({ number, id: String(number), name })
    },
    rename(tag, name) {
      const holder = byName.get(name.toLowerCase())
      if (holder !== undefined && holder.id !== tag.id) return null
      byName.delete(tag.name.toLowerCase())
      return put({ ...tag, name })
    },
    delete(tag) {
      byId.delete(tag.id)
      byName.delete(tag.name.toLowerCase())
      sorted = null
    },
    sorted() {
      sorted ??= [...byId.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      return sorted
    },
  }
}
