import { badParameter, type Answer } from '../http/answer.ts'
import { idText } from '../http/body.ts'
import { since216, type Version } from '../http/version.ts'
import { adminById } from '../state/admins.ts'
import type { ContactRecord } from '../state/contact-record.ts'

/** The checked fields of a body; a field that the body does not have is absent. */
export interface ContactInput {
  readonly role?: 'user' | 'lead'
  readonly externalId?: string
  /** In lower case; null clears. */
  readonly email?: string | null
  readonly plain: Partial<
    Pick<ContactRecord, 'phone' | 'name' | 'avatar' | 'ownerId' | 'unsubscribed' | 'signedUpAt' | 'lastSeenAt'>
  >
}

type Fields = Readonly<Record<string, unknown>>

const texts = { phone: 'phone', name: 'name', avatar: 'avatar' } as const
const times = { signed_up_at: 'signedUpAt', last_seen_at: 'lastSeenAt' } as const

/** Ignores unknown fields. An empty or null `external_id` counts as absent. */
export function readContact(body: Fields, version: Version): ContactInput | Answer {
  const {
    role,
    external_id: externalId,
    email,
    email_verified: verified,
    owner_id: owner,
    unsubscribed_from_emails: unsubscribed,
  } = body
  const plain: Record<string, unknown> = {}
  if (role !== undefined && role !== 'user' && role !== 'lead') return badParameter('role must be either user or lead')
  if (!isText(externalId)) return badParameter('external_id must be a string')
  if (!isText(email)) return badParameter('email must be a string')
  if (since216(version) && verified !== undefined) {
    if (verified !== null && typeof verified !== 'boolean') return badParameter('email_verified must be true or false')
    if (typeof email !== 'string' || email === '') return badParameter('email_verified requires an email')
  }
  for (const [name, field] of Object.entries(texts)) {
    const value = body[name]
    if (!isText(value)) return badParameter(`${name} must be a string`)
    if (value !== undefined) plain[field] = value
  }
  for (const [name, field] of Object.entries(times)) {
    const value = body[name]
    if (value === undefined) continue
    if (value !== null && !Number.isInteger(value)) return badParameter(`${name} must be a date in unix seconds`)
    plain[field] = value
  }
  if (unsubscribed !== undefined && unsubscribed !== null) {
    if (typeof unsubscribed !== 'boolean') return badParameter('unsubscribed_from_emails must be true or false')
    plain.unsubscribed = unsubscribed
  }
  if (owner !== undefined) {
    const id = owner === null ? null : idText(owner)
    if (id === undefined || (id !== null && adminById(id) === undefined)) {
      return badParameter('The owner specified is not a member of the workspace')
    }
    plain.ownerId = id === null ? null : Number(id)
  }
  return {
    plain,
    ...(role === undefined ? {} : { role }),
    ...(typeof externalId === 'string' && externalId !== '' ? { externalId } : {}),
    ...(email === undefined ? {} : { email: typeof email === 'string' && email !== '' ? email.toLowerCase() : null }),
  }
}

function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string'
}
