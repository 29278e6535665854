import {
  companyIdNumber, companyNumber, contactNumber, externalIdNumber, leadNumber, plainNumber,
} from '../ids.ts'
import type { Settings } from '../options.ts'
import { createKeptSearches, type KeptSearches } from './kept-searches.ts'
import type { Scroll } from './scroll.ts'
import { createTags, type Tags } from './tags.ts'
import { createView, type Change, type Fate, type Kind, type View } from './view.ts'

/** The state behind the emulator. Things are numbered from 1; 0 means none. */
export interface Workspace {
  readonly settings: Settings
  readonly tags: Tags
  /** The truth, which reads by id see. */
  readonly live: View
  /** What lists and searches see: the truth, or older than it by the index's lag. */
  indexed(): View
  /** Lets the index see everything now, whatever its lag. */
  catchUp(): void
  change(change: Change): boolean
  /** Names of segments that depend on a tag, by the tag's number: such a tag cannot be deleted. */
  readonly segments: Map<number, string[]>
  /** The contact that is there now, by Intercom id. */
  contact(id: string): number
  /** Also one that is archived, merged or deleted. */
  anyContact(id: string): number
  contactByExternalId(externalId: string): number
  fate(contact: number): Fate | undefined
  company(intercomId: string): number
  companyByCompanyId(companyId: string): number
  conversation(id: string): number
  ticket(id: string): number
  isLead(contact: number): boolean
  /** Contacts in a company, from the seed: contact j belongs to company ((j - 1) mod companies) + 1. */
  userCount(company: number, view: View): number
  readonly searches: KeptSearches
  /** Open scrolls by app. */
  readonly scrolls: Map<string, Scroll>
  /** Unix seconds. */
  seconds(): number
  count(kind: Kind): number
}

export function createWorkspace(settings: Settings): Workspace {
  const live = createView()
  const lagging = settings.indexLagMs > 0
  const index = lagging ? createView() : live
  const pending: { readonly due: number; readonly change: Change }[] = []
  let taken = 0

  const isLead = (contact: number): boolean => settings.leadEvery > 0 && contact % settings.leadEvery === 0
  const within = (number: number, count: number): number => (number <= count ? number : 0)
  const company = (number: number): number => (live.deletedCompanies.has(number) ? 0 : within(number, settings.companies))
  const anyContact = (id: string): number => within(contactNumber(id), settings.contacts)
  const counts = {
    contact: settings.contacts, company: settings.companies, conversation: settings.conversations, ticket: settings.tickets,
  }

  const indexUntil = (now: number): void => {
    while (taken < pending.length && pending[taken]!.due <= now) index.apply(pending[taken++]!.change)
    if (taken > 10_000) taken -= pending.splice(0, taken).length
  }

  return {
    settings, live,
    tags: createTags(),
    segments: new Map(),
    searches: createKeptSearches(),
    scrolls: new Map(),
    indexed() {
      if (lagging) indexUntil(settings.now())
      return index
    },
    catchUp: () => indexUntil(Number.POSITIVE_INFINITY),
    change(change) {
      if (lagging) pending.push({ due: settings.now() + settings.indexLagMs, change })
      return live.apply(change)
    },
    contact(id) {
      const number = anyContact(id)
      return live.fates.has(number) ? 0 : number
    },
    anyContact,
    contactByExternalId(id) {
      const user = within(externalIdNumber(id), settings.contacts)
      if (user > 0) return isLead(user) ? 0 : user
      const lead = within(leadNumber(id), settings.contacts)
      return lead > 0 && isLead(lead) ? lead : 0
    },
    fate: (contact) => live.fates.get(contact),
    company: (id) => company(companyNumber(id)),
    companyByCompanyId: (id) => company(companyIdNumber(id)),
    conversation: (id) => within(plainNumber(id), settings.conversations),
    ticket: (id) => within(plainNumber(id), settings.tickets),
    isLead,
    userCount(number, view) {
      if (number > settings.contacts) return 0
      const { contacts, companies } = settings
      let count = Math.floor((contacts - number) / companies) + 1
      for (const gone of view.fates.keys()) if ((gone - 1) % companies === number - 1) count--
      return count
    },
    seconds: () => Math.floor(settings.now() / 1000),
    count: (kind) => counts[kind],
  }
}
