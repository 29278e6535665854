import { capital, type Noun, type Nouns } from '../noun.ts'
import { amount } from './amounts.ts'
import { nameGroups } from './group-names.ts'

/** What the words about an Activation are derived from. */
export interface ActivationAbout {
  /** The operations for rows that are new and gone. Null: the behavior is not known. */
  readonly operations: { readonly added: string | null; readonly removed: string | null } | null
  readonly nouns: Nouns
  /** The groups that it names; none: the rows name them. */
  readonly groups: readonly { readonly name: string }[]
}

/** What an Activation does to the target records that its query returns: `get the tag “VIP” attached, and keep it`. */
export function deedWords({ operations, nouns: { group }, groups }: ActivationAbout): string {
  const { added, removed } = operations ?? none
  switch (added) {
    case 'attach': {
      const named = namedGroups(group, groups)
      const they = groups.length === 1 ? 'it' : 'them'
      return removed === null
        ? `get the ${named} attached, and keep ${they}`
        : `have the ${named} attached, and lose ${they} again when the query no longer asks for ${they}`
    }
    case 'detach':
      return `lose the ${namedGroups(group, groups)}`
    case 'create':
      return 'are created where they do not exist yet'
    case 'update':
      return 'are updated where they exist'
    case 'upsert':
      return removed === null
        ? 'are created, or updated where they exist'
        : 'are created, or updated where they exist; those that it created are archived again when the query no longer returns them'
    case 'delete':
      return 'are deleted permanently'
    case 'archive':
      return 'are archived'
    default:
      return 'are written'
  }
}

const none = { added: null, removed: null } as const

function namedGroups(noun: Noun | null, groups: readonly { readonly name: string }[]): string {
  const named = nameGroups(noun, groups.length)
  return groups.length === 0
    ? `${named} that each row names`
    : `${named} ${groups.map(({ name }) => `“${name}”`).join(', ')}`
}

/** The title of a figure or a chart, and what it counts. */
export interface FigureWords {
  readonly label: string
  readonly meaning: string
}

/** The words for the number of Records that are synced: as the Activation wants them, as last confirmed. */
export function syncedWords({ operations, nouns: { record, group }, groups }: ActivationAbout): FigureWords {
  const named = nameGroups(group, groups.length)
  const [be, was] = groups.length === 1 ? ['is', 'it was'] : ['are', 'they were']
  const records = capital(record.many)
  switch (operations?.added) {
    case 'attach':
      return {
        label: `With the ${named}`,
        meaning: `${records} to which the ${named} ${be} attached, by this Activation or before it, as last confirmed.`,
      }
    case 'detach':
      return {
        label: `Without the ${named}`,
        meaning: `${records} of the query from which the ${named} ${be} detached, or to which ${was} not attached, as last confirmed.`,
      }
    case 'delete':
      return { label: 'Deleted', meaning: `${records} that this Activation deleted, or found deleted.` }
    case 'archive':
      return { label: 'Archived', meaning: `${records} that this Activation archived, or found archived.` }
    default:
      return { label: 'As the query asks', meaning: `${records} that hold what the query asks for, as last confirmed.` }
  }
}

/** How many Records are managed and external, and what that means for them. */
export interface OwnershipWords {
  readonly rule: string
  readonly managed: FigureWords
  readonly external: FigureWords
}

/** Null: ownership has no meaning, because the Activation detaches, archives or deletes what the query returns. */
export function ownershipWords(
  { operations, nouns: { record, group }, groups }: ActivationAbout,
  ownership: string,
): OwnershipWords | null {
  const { added, removed } = operations ?? none
  if (added === null || added === 'detach' || added === 'delete' || added === 'archive') return null
  const records = capital(record.many)
  if (group === null)
    return {
      rule: `${recordRule(removed, record)} ${records} that were there before are never archived or deleted. ${editRule(ownership)}`,
      managed: { label: 'Created here', meaning: `${records} that this Activation created.` },
      external: {
        label: 'Found there',
        meaning: `${records} that existed before this Activation wrote to them, or whose creator is unknown. Their mapped fields are written as the query asks.`,
      },
    }
  const named = nameGroups(group, groups.length)
  return {
    rule: linkRule(removed, group, ownership),
    managed: { label: 'Managed', meaning: `${records} to which this Activation attached the ${named}.` },
    external: {
      label: 'External',
      meaning: `${records} that had the ${named} before this Activation wrote, or got ${groups.length === 1 ? 'it' : 'them'} from others.`,
    },
  }
}

function recordRule(removed: string | null, { one, many }: Noun): string {
  return removed === null
    ? `An undo may remove ${many} that this Activation created.`
    : `A ${one} that this Activation created is archived when the query no longer returns it.`
}

function editRule(ownership: string): string {
  return ownership === 'enforce'
    ? 'A mapped field that others changed gets the value of the query again.'
    : 'A mapped field is written when its value in the query changes; what others set in the meantime stays until then.'
}

function linkRule(removed: string | null, { one }: Noun, ownership: string): string {
  if (ownership === 'enforce')
    return `Only what the query asks for may stay: a ${one} that others attached is detached, too.`
  if (ownership === 'adopt')
    return `A ${one} that is found attached becomes managed: ${removed === null ? 'an undo treats' : 'an undo, and a row that leaves the query, treat'} it like one that Tailrace attached.`
  return `A ${one} that others attached stays external: this Activation never detaches it.`
}

/** What becomes of a row without a match: `A row without a match creates a contact.` */
export function unmatchedWords({
  operations,
  nouns: { record },
}: Pick<ActivationAbout, 'operations' | 'nouns'>): string {
  switch (operations?.added) {
    case undefined:
    case null:
      return ''
    case 'create':
    case 'upsert':
      return `A row without a match creates a ${record.one}.`
    case 'delete':
    case 'archive':
      return `A row without a match changes nothing: there is no such ${record.one}.`
    default:
      return 'A row without a match is not loaded.'
  }
}

/** What is lost and what stays when an Activation is deleted. `synced`: Records that are as it wants them. */
export function deletionWords({ nouns: { record, group } }: Pick<ActivationAbout, 'nouns'>, synced: number): string {
  const state = synced > 0 ? `, such as what it did to ${amount(synced, record)}` : ''
  const kept = group === null ? `${record.many} and their values` : `${group.many} of ${record.many}`
  return `This deletes the Activation and its state${state}. Nothing changes in the Target: ${kept} stay as they are now. Its Runs can no longer be undone.`
}
