import type { Settings } from '../options.ts'
import { createAttributes, type Attributes } from './attributes.ts'
import { seededCompanies, seededContacts } from './records.ts'
import { seededLinks } from './company-links.ts'
import { createDirectory, type Directory } from './directory.ts'
import type { Kind } from './memberships.ts'
import { createKeptSearches, type KeptSearches, type Scroll } from './next-pages.ts'
import { createTags, type Tags } from './tags.ts'
import { createView, type Change, type Departure, type View } from './view.ts'

/** The state of the emulator. Records are numbered from 1; 0 means none. */
export interface Workspace {
  readonly settings: Settings
  readonly directory: Directory
  readonly tags: Tags
  readonly attributes: Attributes
  /** The current state, which reads by id see. */
  readonly live: View
  /** What lists and searches see: the current state, or an older one by the index lag. */
  indexed(): View
  /** Updates the index to the current state, regardless of its lag. */
  catchUp(): void
  /** Makes every link, and every change that the index does not have yet, this much older. */
  letTimePass(ms: number): void
  change(change: Change): boolean
  /** Called for each change, with whether it changed anything. */
  onChange: ((change: Change, changed: boolean) => void) | undefined
  /** Names of segments that depend on a tag, by the tag's number: such a tag cannot be deleted. */
  readonly segments: Map<number, string[]>
  /** The existing contact with this Intercom id. */
  contact(id: string): number
  /** Also finds archived, merged and deleted contacts. */
  anyContact(id: string): number
  /** The contact with this external id: an existing one, else an archived, merged or deleted one. */
  contactByExternalId(externalId: string): number
  departure(contact: number): Departure | undefined
  company(intercomId: string): number
  companyByCompanyId(companyId: string): number
  conversation(id: string): number
  ticket(id: string): number
  readonly searches: KeptSearches
  /** Open scrolls by app. */
  readonly scrolls: Map<string, Scroll>
  /** Unix seconds. */
  seconds(): number
  /** The id of a company's plan, by its name: plans are numbered in the order of their first use. */
  planId(name: string): string
  /** How many numbers are assigned: to seeded records and to those created since. */
  count(kind: Kind): number
}

export function createWorkspace(settings: Settings): Workspace {
  const directory = createDirectory(settings)
  const { ids } = directory
  const seeds = {
    contacts: seededContacts(directory, settings.contacts),
    companies: seededCompanies(directory, settings.companies),
    links: seededLinks(directory, settings),
    ageSeconds: () => passedMs / 1000,
  }
  let passedMs = 0
  const live = createView(seeds)
  const lagging = settings.indexLagMs > 0
  const index = lagging ? createView(seeds) : live
  const pending: { readonly due: number; readonly change: Change }[] = []
  let taken = 0
  const plans: string[] = []

  const company = (number: number): number => (live.deletedCompanies.has(number) ? 0 : number)
  const indexUntil = (now: number): void => {
    while (taken < pending.length && pending[taken]!.due <= now) index.apply(pending[taken++]!.change)
    if (taken > 10_000) taken -= pending.splice(0, taken).length
  }

  const workspace: Workspace = {
    settings,
    directory,
    live,
    onChange: undefined,
    tags: createTags(),
    attributes: createAttributes(settings.attributes),
    segments: new Map(),
    searches: createKeptSearches(),
    scrolls: new Map(),
    indexed() {
      if (lagging) indexUntil(settings.now() + passedMs)
      return index
    },
    catchUp: () => indexUntil(Number.POSITIVE_INFINITY),
    letTimePass(ms) {
      passedMs += 1000 * Math.floor(ms / 1000)
    },
    change(asked) {
      const change = asked.do === 'attach' ? { ...asked, at: asked.at + passedMs / 1000 } : asked
      if (lagging) pending.push({ due: settings.now() + passedMs + settings.indexLagMs, change })
      const changed = live.apply(change)
      workspace.onChange?.(asked, changed)
      return changed
    },
    contact(id) {
      const number = ids.contact.find(id)
      return live.departures.has(number) ? 0 : number
    },
    anyContact: ids.contact.find,
    contactByExternalId(externalId) {
      const holders = live.contacts.find('externalId', externalId)
      return holders.find((each) => !live.departures.has(each)) ?? holders.at(-1) ?? 0
    },
    departure: (contact) => live.departures.get(contact),
    company: (id) => company(ids.company.find(id)),
    companyByCompanyId: (id) => live.companies.find('companyId', id).find((each) => company(each) > 0) ?? 0,
    conversation: ids.conversation.find,
    ticket: ids.ticket.find,
    seconds: () => Math.floor(settings.now() / 1000),
    planId: (name) => String((plans.includes(name) ? plans.indexOf(name) : plans.push(name) - 1) + 1),
    count: directory.count,
  }
  return workspace
}
