import { createMemberships, type Memberships } from './memberships.ts'

export const kinds = ['contact', 'company', 'conversation', 'ticket'] as const
export type Kind = (typeof kinds)[number]

/** What became of a contact that is no longer there. */
export type Fate = { readonly is: 'archived' } | { readonly is: 'deleted' } | { readonly is: 'merged'; readonly into: number }

interface Link {
  readonly kind: Kind
  readonly thing: number
  readonly tag: number
}

/** One thing that happens to the workspace; the truth takes it at once, the index after its lag. */
export type Change =
  | ({ readonly do: 'attach'; readonly at: number; readonly adminId: string } & Link)
  | ({ readonly do: 'detach' } & Link)
  | { readonly do: 'drop-tag'; readonly tag: number }
  | { readonly do: 'contact'; readonly thing: number; readonly fate: Fate | null }
  | { readonly do: 'delete-company'; readonly thing: number }

/** The workspace as somebody sees it: only what differs from the seed is kept. */
export interface View {
  readonly memberships: Readonly<Record<Kind, Memberships>>
  readonly fates: ReadonlyMap<number, Fate>
  readonly deletedCompanies: ReadonlySet<number>
  /** Moves with every change, so that an answer computed from a View can be kept until then. */
  readonly revision: number
  /** Whether anything changed: re-attaching and detaching what is not there do not. */
  apply(change: Change): boolean
}

export function createView(): View {
  const memberships = {
    contact: createMemberships(), company: createMemberships(), conversation: createMemberships(), ticket: createMemberships(),
  }
  const fates = new Map<number, Fate>()
  const deletedCompanies = new Set<number>()
  let revision = 0
  return {
    memberships, fates, deletedCompanies,
    get revision() {
      return revision
    },
    apply(change) {
      revision++
      switch (change.do) {
        case 'attach': return memberships[change.kind].add(change.thing, change.tag, change.at, change.adminId)
        case 'detach': return memberships[change.kind].remove(change.thing, change.tag)
        case 'drop-tag':
          for (const kind of kinds) memberships[kind].dropTag(change.tag)
          return true
        case 'contact':
          if (change.fate === null) return fates.delete(change.thing)
          fates.set(change.thing, change.fate)
          // An archived contact keeps its tags: it may come back.
          if (change.fate.is !== 'archived') memberships.contact.dropThing(change.thing)
          return true
        case 'delete-company':
          deletedCompanies.add(change.thing)
          memberships.company.dropThing(change.thing)
          return true
      }
    },
  }
}
