import { links } from './shared-account-links.ts'
import type { ManualEdit, Role, RowDraw } from './shared-account-history.ts'
import { companyOf, contactOf, type AccountRow, type SharedAccount } from './shared-account.ts'

type World = SharedAccount['world']

/** One link as text: object, target record, group. */
export type LinkName = string

export function linkName(object: ManualEdit['link'], targetRecord: string, group: string): LinkName {
  return `${object} ${targetRecord} ${group}`
}

export const tagNames = ['Red', 'Blue'] as const

/** The name of the group with this number in rows and settings. */
export function groupName(object: ManualEdit['link'], group: number): string {
  return object === 'contact_company' ? companyOf(group + 1).company_id : (tagNames[group] ?? 'Green')
}

/** The name of the group in the emulator: for companies, Intercom's id. */
export function groupInWorld(object: ManualEdit['link'], group: number): string {
  return object === 'contact_company' ? companyOf(group + 1).id : groupName(object, group)
}

export const newNames = (at: number): { readonly email: string; readonly external_id: string } => ({
  email: `q${at}@acme.test`,
  external_id: `y${at}`,
})

/** The row as the Warehouse returns it. */
export function rowOf({ kind }: Role, { at, holds, form, groups }: RowDraw): AccountRow {
  const { object, by } = links[kind]
  const cells: Readonly<Record<string, string>> =
    object === 'company_tag' ? companyOf(at) : { ...contactOf(at), ...(form === 'new' && newNames(at)) }
  const held = by.length === 1 || holds === 'all' ? by : by.filter((_, index) => index === (holds === 'first' ? 0 : 1))
  return {
    ...Object.fromEntries(held.map((field) => [field, cells[field]])),
    ...('groups' in links[kind] && { groups: groups.map((each) => groupName(object, each)) }),
  }
}

/** The links that a query asks for, given the current account. */
export interface Desired {
  readonly links: ReadonlySet<LinkName>
  /** Links that two rows name. */
  readonly twice: ReadonlySet<LinkName>
  /**
   * Target records that each row has named, by the row's key. Tailrace keeps a record by its id when its identifiers
   * change.
   */
  readonly followed: ReadonlyMap<string, ReadonlySet<string>>
  /** Links that may or may not be in place, because a row's current record differs from one that it named before. */
  readonly unsettled: ReadonlySet<LinkName>
}

export const noneDesired: Desired = { links: new Set(), twice: new Set(), followed: new Map(), unsettled: new Set() }

/** `before`: the target records that the rows named at the last read. */
export function desiredOf(
  world: World,
  role: Role,
  rows: readonly RowDraw[],
  before: Desired['followed'] = new Map(),
): Desired {
  const { object, by } = links[role.kind]
  const found = new Set<LinkName>()
  const twice = new Set<LinkName>()
  const unsettled = new Set<LinkName>()
  const followed = new Map<string, ReadonlySet<string>>()
  for (const row of rows) {
    const written = rowOf(role, row)
    const key =
      by
        .map((field) => [field, written[field as keyof AccountRow]])
        .find(([, value]) => value !== undefined)
        ?.join(' ') ?? ''
    const targetRecord = targetRecordOf(world, object, by, written)
    const all = new Set([...(before.get(key) ?? []), ...(targetRecord === undefined ? [] : [targetRecord])])
    followed.set(key, all)
    for (const group of 'groups' in links[role.kind] ? row.groups : [role.group]) {
      const nameOf = (each: string): LinkName => linkName(object, each, groupInWorld(object, group))
      if (all.size > 1 || targetRecord === undefined) for (const each of all) unsettled.add(nameOf(each))
      if (targetRecord === undefined) continue
      if (found.has(nameOf(targetRecord))) twice.add(nameOf(targetRecord))
      found.add(nameOf(targetRecord))
    }
  }
  return { links: found, twice, followed, unsettled }
}

/**
 * The target record of a row: the first identifier with a match decides. None if that identifier has several matches.
 */
function targetRecordOf(
  world: World,
  object: ManualEdit['link'],
  by: readonly string[],
  row: AccountRow,
): string | undefined {
  for (const field of by) {
    const value = row[field as keyof AccountRow]
    if (typeof value !== 'string') continue
    if (object === 'company_tag') return field === 'id' ? value : world.company(value)?.id
    const seen =
      field === 'id'
        ? world.contacts(value)
        : field === 'email'
          ? world.contacts({ email: value })
          : world.contacts({ external_id: value })
    const live = seen.filter(({ state }) => state === 'live')
    if (live.length > 0) return live.length === 1 ? live[0]?.id : undefined
  }
  return undefined
}
