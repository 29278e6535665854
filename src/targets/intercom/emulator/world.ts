import { createWorldRecords, type WorldRecords } from './world-records.ts'
import { mergeContacts } from './write/write-contact.ts'
import type { Session } from './session.ts'
import { adminOf } from './state/admins.ts'
import { recordNumber } from './state/seed.ts'
import { kinds, type Kind } from './state/memberships.ts'
import type { Departure } from './state/view.ts'
import type { Tag } from './state/tags.ts'

export type { Kind } from './state/memberships.ts'

export interface WorldSummary {
  readonly contacts: number
  readonly companies: number
  /** Created since the start, including those that are gone. */
  readonly createdContacts: number
  readonly createdCompanies: number
  readonly conversations: number
  readonly tickets: number
  readonly archivedContacts: number
  readonly goneContacts: number
  readonly deletedCompanies: number
  /**
   * By name, ignoring case: the number of records with each tag, by kind. Archived contacts keep their tags and
   * count.
   */
  readonly tags: readonly ({ readonly id: string; readonly name: string } & Readonly<Record<Kind, number>>)[]
}

/**
 * Changes the workspace by hand, as people do in Intercom's own screens. These are not API calls: they are not
 * counted or limited, and they see the current state, not the index. Records are named by the ids of the API,
 * companies by either of their ids, or by number from 1; tags by name, ignoring case. Unknown names throw.
 */
export interface World extends WorldRecords {
  summary(): WorldSummary
  /** Ids of the records with a tag, in the order of attaching; companies by Intercom id. Empty for an unknown tag. */
  members(tag: string, kind: Kind): string[]
  /** Names of the tags on a record, in the order of attaching. */
  tagsOn(kind: Kind, targetRecord: string | number): string[]
  /** Finds or creates the tag. */
  createTag(name: string): Tag
  renameTag(tag: string, name: string): Tag
  /** Also detaches it from every record. Unlike in the API, segments do not prevent it. */
  deleteTag(tag: string): void
  /** Adds a segment that depends on a tag; such a tag cannot be deleted through the API. */
  addSegment(segment: string, tag: string): void
  /** Attaches a tag as an admin would (default: the first); a missing tag is created. */
  attach(kind: Kind, targetRecord: string | number, tag: string, by?: { readonly adminId?: string }): void
  detach(kind: Kind, targetRecord: string | number, tag: string): void
  archiveContact(contact: string | number): void
  unarchiveContact(contact: string | number): void
  deleteContact(contact: string | number): void
  /** `from` no longer exists; its tags and companies go to `into`. */
  mergeContact(from: string | number, into: string | number): void
  deleteCompany(company: string | number): void
  /** Puts a contact into a company; `leave` takes it out. */
  join(contact: string | number, company: string | number): void
  leave(contact: string | number, company: string | number): void
  /** Intercom ids of a contact's companies, in the order in which it joined. */
  companiesOf(contact: string | number): string[]
  /** Updates lists and searches to the current state, regardless of the index lag. */
  catchUp(): void
  /**
   * Makes every link, and every change that the index does not have yet, this much older (whole seconds). This
   * affects the age of tags, and what lists and searches show. The clock does not change.
   */
  letTimePass(ms: number): void
}

export function createWorld(session: Session): World {
  const known = (name: string): Tag => {
    const tag = session.workspace.tags.byName(name)
    if (tag === undefined) throw new Error(`there is no tag "${name}" in the emulator`)
    return tag
  }
  const number = (kind: Kind, targetRecord: string | number): number =>
    recordNumber(session.workspace, kind, targetRecord)
  const put = (kind: Kind, targetRecord: number, tag: Tag, adminId: string): void => {
    session.workspace.change({
      do: 'attach',
      kind,
      targetRecord,
      tag: tag.number,
      at: session.workspace.seconds(),
      adminId,
    })
  }
  const link = (what: 'join' | 'leave', contact: string | number, company: string | number): void => {
    session.workspace.change({ do: what, contact: number('contact', contact), company: number('company', company) })
  }
  const end = (contact: string | number, departure: Departure): void => {
    session.workspace.change({ do: 'contact', targetRecord: number('contact', contact), departure })
  }

  return {
    ...createWorldRecords(session),
    summary: () => summaryOf(session),
    members(name, kind) {
      const tag = session.workspace.tags.byName(name)
      if (tag === undefined) return []
      return Array.from(
        session.workspace.live.memberships[kind].membersOf(tag.number),
        session.workspace.directory.ids[kind].of,
      )
    },
    tagsOn(kind, targetRecord) {
      const { tags, live } = session.workspace
      return live.memberships[kind].tagsOf(number(kind, targetRecord)).map((tag) => tags.byNumber(tag)!.name)
    },
    createTag: (name) => session.workspace.tags.findOrCreate(name),
    renameTag(name, next) {
      const renamed = session.workspace.tags.rename(known(name), next)
      if (renamed === null) throw new Error(`the emulator has another tag "${next}"`)
      return renamed
    },
    deleteTag(name) {
      const tag = known(name)
      session.workspace.tags.delete(tag)
      session.workspace.change({ do: 'drop-tag', tag: tag.number })
    },
    addSegment(segment, name) {
      const { segments } = session.workspace
      const tag = known(name).number
      segments.set(tag, [...(segments.get(tag) ?? []), segment])
    },
    attach: (kind, targetRecord, name, by) =>
      put(kind, number(kind, targetRecord), session.workspace.tags.findOrCreate(name), adminOf(by?.adminId).id),
    detach: (kind, targetRecord, name) => {
      session.workspace.change({
        do: 'detach',
        kind,
        targetRecord: number(kind, targetRecord),
        tag: known(name).number,
      })
    },
    archiveContact: (contact) => end(contact, { is: 'archived' }),
    unarchiveContact(contact) {
      const { workspace } = session
      const targetRecord = typeof contact === 'number' ? contact : workspace.anyContact(contact)
      if (workspace.departure(targetRecord)?.is !== 'archived')
        throw new Error(`contact ${contact} of the emulator is not archived`)
      workspace.change({ do: 'contact', targetRecord, departure: null })
    },
    deleteContact: (contact) => end(contact, { is: 'deleted', at: session.workspace.seconds() }),
    mergeContact(from, into) {
      const { workspace } = session
      const source = number('contact', from)
      const target = number('contact', into)
      if (source === target) throw new Error('a contact cannot be merged into itself')
      mergeContacts(workspace, source, target)
    },
    deleteCompany: (company) => {
      session.workspace.change({ do: 'delete-company', targetRecord: number('company', company) })
    },
    join: (contact, company) => link('join', contact, company),
    leave: (contact, company) => link('leave', contact, company),
    companiesOf: (contact) =>
      session.workspace.live.links
        .companiesOf(number('contact', contact))
        .map(session.workspace.directory.ids.company.of),
    catchUp: () => session.workspace.catchUp(),
    letTimePass: (ms) => session.workspace.letTimePass(ms),
  }
}

function summaryOf({ workspace }: Session): WorldSummary {
  const { live, tags, settings } = workspace
  const departures = [...live.departures.values()]
  const archived = departures.filter(({ is }) => is === 'archived').length
  return {
    contacts: live.contacts.count() - departures.length,
    companies: live.companies.count() - live.deletedCompanies.size,
    createdContacts: live.contacts.count() - settings.contacts,
    createdCompanies: live.companies.count() - settings.companies,
    conversations: settings.conversations,
    tickets: settings.tickets,
    archivedContacts: archived,
    goneContacts: departures.length - archived,
    deletedCompanies: live.deletedCompanies.size,
    tags: tags.sorted().map(({ id, name, number }) => ({
      id,
      name,
      ...(Object.fromEntries(kinds.map((kind) => [kind, live.memberships[kind].count(number)])) as Record<
        Kind,
        number
      >),
    })),
  }
}
