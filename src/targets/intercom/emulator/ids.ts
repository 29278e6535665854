/**
 * Seeded records are numbered from 1, and every id is computed from that number: a million contacts cost nothing
 * until they are used, and a test can compute the id of any of them.
 */
const contactPrefix = '6762f0dd1bb69f'
const companyPrefix = '6762f0a61bb69f'
const leadPrefix = '6762f0dd-1bb6-4f00-8000-'

/** Intercom id of the i-th contact (i from 1): 24 hex digits. */
export function contactId(i: number): string {
  return contactPrefix + i.toString(16).padStart(10, '0')
}

/** The external id of the i-th contact: `user-<i>`. Leads have a UUID instead, as in Intercom. */
export function externalId(i: number): string {
  return `user-${i}`
}

export function leadExternalId(i: number): string {
  return leadPrefix + i.toString(16).padStart(12, '0')
}

export function contactEmail(i: number): string {
  return `user-${i}@example.com`
}

/** Intercom id of the i-th company (i from 1): 24 hex digits. Not its `company_id`. */
export function companyIntercomId(i: number): string {
  return companyPrefix + i.toString(16).padStart(10, '0')
}

/** The `company_id` of the i-th company, the customer's own: `company-<i>`. */
export function companyId(i: number): string {
  return `company-${i}`
}

export function companyName(i: number): string {
  return `Company ${i}`
}

/** A ticket has a conversation with the same id, so ticket ids must differ from all other conversation ids. */
const beforeTickets = 500_000_000

/** Id of the i-th ticket (i from 1): a number as text. Not the `ticket_id` that the Inbox shows. */
export function ticketId(i: number): string {
  return String(beforeTickets + i)
}

/** The number behind an id, or 0 when the emulator did not assign the id. */
export const contactNumber = (id: string): number => afterPrefix(id, contactPrefix, 24, 16)
export const companyNumber = (id: string): number => afterPrefix(id, companyPrefix, 24, 16)
export const leadNumber = (id: string): number => afterPrefix(id, leadPrefix, 36, 16)
export const externalIdNumber = (id: string): number => afterPrefix(id, 'user-', 0, 10)
export const companyIdNumber = (id: string): number => afterPrefix(id, 'company-', 0, 10)
export const ticketNumber = (id: string): number => Math.max(0, plainNumber(id) - beforeTickets)
export const companyNameNumber = (name: string): number => afterPrefix(name, 'Company ', 0, 10)

export function contactEmailNumber(email: string): number {
  const lower = email.toLowerCase()
  return lower.endsWith('@example.com') ? externalIdNumber(lower.slice(0, -'@example.com'.length)) : 0
}

/** The id of a conversation, tag, admin or ticket as a number: positive, no leading zeros; 0 for any other text. */
export function plainNumber(id: string): number {
  return afterPrefix(id, '', 0, 10)
}

/** `length` 0: any length but no leading zeros, so that each number has only one spelling. */
function afterPrefix(id: string, prefix: string, length: number, base: 10 | 16): number {
  if (!id.startsWith(prefix) || id.length === prefix.length || id.length > prefix.length + 15) return 0
  if (length === 0 ? id.charCodeAt(prefix.length) === 48 : id.length !== length) return 0
  let n = 0
  for (let at = prefix.length; at < id.length; at++) {
    const code = id.charCodeAt(at)
    const digit = code >= 48 && code <= 57 ? code - 48 : base === 16 && code >= 97 && code <= 102 ? code - 87 : -1
    if (digit < 0) return 0
    n = n * base + digit
  }
  return n
}
