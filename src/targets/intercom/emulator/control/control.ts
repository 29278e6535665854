import { commonPaths, type ControlPaths } from '../../../../emulator-kit/control.ts'
import type { Powers } from '../emulator.ts'
import type { AttributeModel } from '../options.ts'
import type { Session } from '../session.ts'
import { kinds, type Kind } from '../state/memberships.ts'
import type { World } from '../world.ts'
import type { ContactSeen } from '../world-records.ts'
import { actions } from './actions.ts'
import { resetOptions } from './reset-options.ts'

/** The paths under `/_emulator/` of this emulator. */
export function controlPaths(session: Session, powers: Powers): ControlPaths {
  const { world, token, requests, faults } = powers
  return {
    ...commonPaths(
      () => session.log,
      () => session.faults,
    ),
    'GET ': () => ({ token, ...world.summary(), requests: requests.counters(), faults: faults.list() }),
    'GET state': () => world.summary(),
    'GET tags': ({ parts }) => members(world, parts[1], parts[2]),
    'GET contacts': ({ parts }) => ({ contacts: contacts(world, parts[1], parts[2]) }),
    'GET companies': ({ parts }) => ({
      companies: parts[1] === undefined ? world.createdCompanies() : present(world.company(parts[1])),
    }),
    'GET attributes': ({ parts }) => ({ attributes: world.attributes(modelOf(parts[1])) }),
    'GET requests': () => ({ ...requests.counters(), windows: requests.windows() }),
    'POST reset': ({ body }) => (powers.reset(resetOptions.parse(body ?? {})), world.summary()),
    'POST do': ({ body }) => actions(powers, body),
  }
}

const plurals: Readonly<Record<string, Kind>> = {
  contacts: 'contact',
  companies: 'company',
  conversations: 'conversation',
  tickets: 'ticket',
}

/** Without `by`: the contacts created since the start. */
function contacts(world: World, by: string | undefined, name: string | undefined): ContactSeen[] {
  if (by === undefined) return world.createdContacts()
  if (name === undefined) return present(world.contact(by))
  if (by === 'external_id') return world.contacts({ external_id: name })
  if (by === 'email') return world.contacts({ email: name })
  throw new Error(`${by}: expected external_id or email`)
}

function present<Item>(targetRecord: Item | undefined): Item[] {
  return targetRecord === undefined ? [] : [targetRecord]
}

function modelOf(part: string | undefined): AttributeModel {
  if (part === 'contact' || part === 'company' || part === 'conversation') return part
  throw new Error(`${part ?? ''}: expected contact, company or conversation`)
}

function members(world: World, tag: string | undefined, plural: string | undefined): unknown {
  if (tag === undefined) return { tags: world.summary().tags }
  if (plural === undefined) return { tag, ...Object.fromEntries(kinds.map((kind) => [kind, world.members(tag, kind)])) }
  const kind = plurals[plural]
  if (kind === undefined) throw new Error(`${plural}: expected one of ${Object.keys(plurals).join(', ')}`)
  return { tag, ids: world.members(tag, kind) }
}
