import { z } from 'zod'
import { kinds } from '../state/memberships.ts'
import type { Powers } from '../emulator.ts'

const targetRecord = z.union([z.string(), z.int()])
const kind = z.enum(kinds)
const tag = z.string().min(1)
const token = z.string().optional()
const fields = z.record(z.string(), z.unknown())
const model = z.enum(['contact', 'company', 'conversation'])

const action = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('create-tag'), tag }),
  z.strictObject({ do: z.literal('rename-tag'), tag, name: tag }),
  z.strictObject({ do: z.literal('delete-tag'), tag }),
  z.strictObject({ do: z.literal('add-segment'), tag, segment: z.string().min(1) }),
  z.strictObject({ do: z.literal('attach'), kind, things: z.array(targetRecord), tag, adminId: z.string().optional() }),
  z.strictObject({ do: z.literal('detach'), kind, things: z.array(targetRecord), tag }),
  z.strictObject({ do: z.literal('create-contact'), fields }),
  z.strictObject({ do: z.literal('change-contact'), contact: targetRecord, fields }),
  z.strictObject({ do: z.literal('create-company'), fields }),
  z.strictObject({ do: z.literal('change-company'), company: targetRecord, fields }),
  z.strictObject({ do: z.literal('hold-attribute'), model, name: z.string() }),
  z.strictObject({ do: z.literal('archive-contact'), contact: targetRecord }),
  z.strictObject({ do: z.literal('unarchive-contact'), contact: targetRecord }),
  z.strictObject({ do: z.literal('delete-contact'), contact: targetRecord }),
  z.strictObject({ do: z.literal('merge-contact'), from: targetRecord, into: targetRecord }),
  z.strictObject({ do: z.literal('delete-company'), company: targetRecord }),
  z.strictObject({ do: z.enum(['join-company', 'leave-company']), contact: targetRecord, company: targetRecord }),
  z.strictObject({ do: z.literal('revoke-token'), token }),
  z.strictObject({ do: z.literal('restore-token'), token }),
  z.strictObject({ do: z.literal('set-scopes'), scopes: z.union([z.literal('all'), z.array(z.string())]), token }),
  z.strictObject({ do: z.literal('restrict-plan'), restricted: z.boolean() }),
  z.strictObject({ do: z.literal('catch-up') }),
  z.strictObject({ do: z.literal('let-time-pass'), seconds: z.int().min(0) }),
])

/** `POST /_emulator/do`: the methods of the `IntercomEmulator` object, over HTTP. Returns a value to show, if any. */
export function actions(powers: Powers, body: unknown): unknown {
  const { world } = powers
  const act = action.parse(body)
  switch (act.do) {
    case 'create-tag':
      return world.createTag(act.tag)
    case 'rename-tag':
      return world.renameTag(act.tag, act.name)
    case 'delete-tag':
      return world.deleteTag(act.tag)
    case 'add-segment':
      return world.addSegment(act.segment, act.tag)
    case 'attach':
      for (const each of act.things)
        world.attach(act.kind, each, act.tag, act.adminId === undefined ? {} : { adminId: act.adminId })
      return undefined
    case 'detach':
      for (const each of act.things) world.detach(act.kind, each, act.tag)
      return undefined
    case 'create-contact':
      return { id: world.createContact(act.fields) }
    case 'change-contact':
      return world.changeContact(act.contact, act.fields)
    case 'create-company':
      return { id: world.createCompany(act.fields) }
    case 'change-company':
      return world.changeCompany(act.company, act.fields)
    case 'hold-attribute':
      return world.holdAttribute(act.model, act.name)
    case 'archive-contact':
      return world.archiveContact(act.contact)
    case 'unarchive-contact':
      return world.unarchiveContact(act.contact)
    case 'delete-contact':
      return world.deleteContact(act.contact)
    case 'merge-contact':
      return world.mergeContact(act.from, act.into)
    case 'join-company':
      return world.join(act.contact, act.company)
    case 'leave-company':
      return world.leave(act.contact, act.company)
    case 'delete-company':
      return world.deleteCompany(act.company)
    case 'revoke-token':
      return powers.revokeToken(act.token)
    case 'restore-token':
      return powers.restoreToken(act.token)
    case 'set-scopes':
      return powers.setScopes(act.scopes, act.token)
    case 'restrict-plan':
      return powers.restrictPlan(act.restricted)
    case 'catch-up':
      return world.catchUp()
    case 'let-time-pass':
      return world.letTimePass(act.seconds * 1000)
  }
}
