import type { Kind } from './state/memberships.ts'
import type { Change } from './state/view.ts'
import type { Workspace } from './state/workspace.ts'

/** Callbacks for tests: called for each event in the workspace as it happens. */
export interface Watcher {
  /**
   * Called before the request is carried out and before a fault is chosen: changes made here happen just before the
   * request.
   */
  request?(request: { readonly method: string; readonly path: string; readonly requestId: string }): void
  change?(change: WorldChange): void
}

/** One change, by a request or by hand. */
export interface WorldChange {
  readonly what: Change['do']
  /** A link between a contact and a company has the kind `contact`. */
  readonly kind: Kind | undefined
  /** The Intercom id of the record. */
  readonly targetRecord: string | undefined
  /** Name of the tag; Intercom id of the company that a contact joins or leaves. */
  readonly group: string | undefined
  /** False: nothing changed, because the state was already like this. */
  readonly changed: boolean
  /** Undefined: made by hand. */
  readonly requestId: string | undefined
}

export function describeChange(
  { directory: { ids }, tags }: Workspace,
  change: Change,
  changed: boolean,
  requestId: string | undefined,
): WorldChange {
  const describe = (kind: Kind | undefined, targetRecord?: number, group?: string): WorldChange => ({
    what: change.do,
    kind,
    targetRecord: kind === undefined || targetRecord === undefined ? undefined : ids[kind].of(targetRecord),
    group,
    changed,
    requestId,
  })
  switch (change.do) {
    case 'attach':
    case 'detach':
      return describe(change.kind, change.targetRecord, tags.byNumber(change.tag)?.name)
    case 'join':
    case 'leave':
      return describe('contact', change.contact, ids.company.of(change.company))
    case 'write-contact':
    case 'contact':
      return describe('contact', change.targetRecord)
    case 'write-company':
    case 'delete-company':
      return describe('company', change.targetRecord)
    case 'drop-tag':
      return describe(undefined, undefined, tags.byNumber(change.tag)?.name)
  }
}
