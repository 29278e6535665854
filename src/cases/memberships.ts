import type { Intercom } from '../server/process/host.ts'
import type { Before } from './case-schema.ts'

/** The kinds of target record that a case may name, by their key in the case file. */
export const kinds = { contacts: 'contact', companies: 'company', conversations: 'conversation' } as const
export type Plural = keyof typeof kinds
export const plurals = Object.keys(kinds) as readonly Plural[]

/** A tag on a target record. The record has its name from the case's `before`. */
export interface Membership {
  readonly of: Plural
  readonly targetRecord: string
  readonly tag: string
}

/** The kind of target record that the tags of this object are on. */
export function pluralOf(object: string): Plural | undefined {
  return plurals.find((plural) => object === `${kinds[plural]}_tag`)
}

/** Emulator options that create the workspace of `before`, without the values of Fields. */
export function workspaceOf({
  tags,
  attributes,
  contacts,
  companies,
  conversations,
}: Before): Parameters<Intercom['reset']>[0] {
  return {
    tags,
    attributes: (['contact', 'company'] as const).flatMap((model) =>
      Object.entries(attributes[model]).map(([name, type]) => ({ model, name, type })),
    ),
    contacts: Object.entries(contacts).map(([id, contact]) => ({ id, name: null, ...withoutFields(contact) })),
    companies: Object.entries(companies).map(([company_id, company]) => ({ company_id, ...withoutFields(company) })),
    conversations: Object.entries(conversations).map(([id, conversation]) => ({ id, ...conversation })),
  }
}

function withoutFields<Item extends { fields?: unknown }>({
  fields: _fields,
  ...targetRecord
}: Item): Omit<Item, 'fields'> {
  return targetRecord
}

/** All memberships, keyed by a name that ignores the case of tags, as Intercom does. */
export function membershipsIn({ world }: Intercom, { companies }: Before): ReadonlyMap<string, Membership> {
  const companyIds = new Map(
    Object.entries(companies).map(([companyId, { id }]) => [id ?? `intercom-${companyId}`, companyId]),
  )
  const found = new Map<string, Membership>()
  for (const { name: tag } of world.summary().tags) {
    for (const of of plurals) {
      for (const id of world.members(tag, kinds[of])) {
        const membership = { of, tag, targetRecord: of === 'companies' ? (companyIds.get(id) ?? id) : id }
        found.set(nameOf(membership), membership)
      }
    }
  }
  return found
}

export function nameOf({ of, targetRecord, tag }: Membership): string {
  return `${of}\n${targetRecord}\n${tag.trim().toLowerCase()}`
}

/**
 * Parses a text such as `+VIP c2` into tag and target record. Both may contain spaces, so the record must be one of
 * `before`: the kind that the Activation writes is tried first, and the longest name wins.
 */
export function readMembership(text: string, before: Before, first: Plural): Membership | undefined {
  const rest = text.slice(1).trim()
  for (const of of [first, ...plurals.filter((plural) => plural !== first)]) {
    const targetRecord = Object.keys(before[of])
      .filter((name) => rest.endsWith(` ${name}`))
      .toSorted((a, b) => b.length - a.length)[0]
    const tag = targetRecord === undefined ? '' : rest.slice(0, -targetRecord.length).trim()
    if (targetRecord !== undefined && tag !== '') return { of, targetRecord, tag }
  }
  return undefined
}
