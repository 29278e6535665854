import type { Mark, Kind } from '../state/memberships.ts'
import type { Tag } from '../state/tags.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

export function tagBody({ id, name }: Tag): { type: 'tag'; id: string; name: string } {
  return { type: 'tag', id, name }
}

/** As in the answers to tagging and in the tag list of one record. Nulls: the tag is not attached. */
export function appliedTagBody({ id, name }: Tag, mark: Mark | null): object {
  return {
    type: 'tag',
    id,
    name,
    applied_at: mark === null ? null : mark.at,
    applied_by: mark === null ? null : { type: 'admin', id: mark.adminId },
  }
}

/** The tags of a record in the order of attaching. */
export function tagsOf(workspace: Workspace, view: View, kind: Kind, targetRecord: number): Tag[] {
  // A lagging index may still contain a tag that was just deleted.
  return view.memberships[kind].tagsOf(targetRecord).flatMap((number) => workspace.tags.byNumber(number) ?? [])
}
