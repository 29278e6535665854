import type { ContactRecord } from '../state/contact-record.ts'
import type { Workspace } from '../state/workspace.ts'

/** Merges `from` into `into`: tags and companies, and the details that `into` lacks, except the external id. */
export function mergeContacts(workspace: Workspace, from: number, into: number): void {
  const { contacts, links, memberships } = workspace.live
  const { tagsOf, mark } = memberships.contact
  for (const tag of [...tagsOf(from)])
    workspace.change({ do: 'attach', kind: 'contact', targetRecord: into, tag, ...mark(from, tag)! })
  for (const company of links.companiesOf(from)) workspace.change({ do: 'join', contact: into, company })
  const [source, target] = [contacts.of(from), contacts.of(into)]
  workspace.change({
    do: 'write-contact',
    targetRecord: into,
    record: {
      ...target,
      ...lacking(source, target),
      updatedAt: workspace.seconds(),
      custom: {
        ...source.custom,
        ...Object.fromEntries(Object.entries(target.custom).filter(([, value]) => value !== null)),
      },
    },
  })
  workspace.change({ do: 'contact', targetRecord: from, departure: { is: 'merged', into } })
}

function lacking(source: ContactRecord, target: ContactRecord): Partial<ContactRecord> {
  const fields = ['email', 'phone', 'name', 'ownerId', 'avatar', 'signedUpAt', 'lastSeenAt'] as const
  return Object.fromEntries(fields.filter((field) => !target[field]).map((field) => [field, source[field]]))
}
