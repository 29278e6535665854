import { sameName } from '../settings.ts'
import type { Tag } from './tags.ts'

/** The workspace's tags, found by id, or by name ignoring case. */
export interface TagDirectory {
  readonly ids: readonly string[]
  withId(id: string): Tag | undefined
  called(name: string): Tag | undefined
}

export function tagDirectory(tags: readonly Tag[]): TagDirectory {
  const byId = new Map(tags.map((tag) => [tag.id, tag]))
  const byName = new Map(tags.map((tag) => [sameName(tag.name), tag]))
  return {
    ids: [...byId.keys()],
    withId: (id) => byId.get(id),
    called: (name) => byName.get(sameName(name)),
  }
}
