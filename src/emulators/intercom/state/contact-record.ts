import { admins } from './admins.ts'
import type { Directory } from './directory.ts'
import type { Seeded } from './book.ts'

export type Custom = Readonly<Record<string, unknown>>

/** What Intercom stores of a contact. Times are unix seconds; `null`: not set. */
export interface ContactRecord {
  readonly externalId: string | null
  readonly role: 'user' | 'lead'
  /** In lower case. An empty string after a user's email was cleared. */
  readonly email: string | null
  readonly phone: string | null
  readonly name: string | null
  readonly ownerId: number | null
  readonly avatar: string | null
  readonly unsubscribed: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly signedUpAt: number | null
  readonly lastSeenAt: number | null
  /** By name. A cleared value stays as `null`. */
  readonly custom: Custom
}

export type ContactName = 'externalId' | 'email'

const firstCreatedAt = 1_690_000_000
const none = {}

/** The seeded contacts: created one per second, in the order of their numbers; the first admin owns every tenth. */
export function seededContacts(directory: Directory, count: number): Seeded<ContactRecord, ContactName> {
  const { externalIds, emails, isLead } = directory
  const createdAt = (i: number): number => firstCreatedAt + i
  const unset = (): null => null
  return {
    count,
    fields: {
      externalId: externalIds.of,
      role: (i) => (isLead(i) ? 'lead' : 'user'),
      email: emails.of,
      phone: unset,
      name: (i) => `User ${i}`,
      ownerId: (i) => (i % 10 === 0 ? Number(admins[0]!.id) : null),
      avatar: unset,
      unsubscribed: () => false,
      createdAt,
      updatedAt: createdAt,
      signedUpAt: createdAt,
      lastSeenAt: unset,
      custom: () => none,
    },
    names: { externalId: externalIds.find, email: emails.find },
  }
}
