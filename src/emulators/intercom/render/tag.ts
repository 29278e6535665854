import type { Mark } from '../state/memberships.ts'
import type { Tag } from '../state/tags.ts'
import type { Kind } from '../state/kinds.ts'
import type { View } from '../state/view.ts'
import type { Workspace } from '../state/workspace.ts'

export function tagBody({ id, name }: Tag): { type: 'tag'; id: string; name: string } {
  return { type: 'tag', id, name }
}

/** As in the answers to tagging and in lists of one thing's tags. Nulls: the tag is not on it. */
export function appliedTagBody({ id, name }: Tag, mark: Mark | null): object {
  return {
    type: 'tag', id, name,
    applied_at: mark === null ? null : mark.at,
    applied_by: mark === null ? null : { type: 'admin', id: mark.adminId },
  }
}

/** A thing's tags in the order in which they were attached. */
export function tagsOf(workspace: Workspace, view: View, kind: Kind, targetRecord: number): Tag[] {
  // A tag deleted a moment ago may still be in an index that lags.
  return view.memberships[kind].tagsOf(targetRecord).flatMap((number) => workspace.tags.byNumber(number) ?? [])
}
