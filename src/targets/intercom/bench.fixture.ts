import assert from 'node:assert/strict'
import type { Listing, TargetObject } from '../../connect/index.ts'
import {
  companyIntercomId,
  contactId,
  startIntercomEmulator,
  ticketId,
  type IntercomEmulator,
  type IntercomEmulatorOptions,
  type Kind,
} from './emulator/index.ts'
import { canary } from '../../testing/target-kit/harness-connection.ts'
import { withSession, type TargetSession } from '../../testing/target-kit/target-session.ts'
import { target } from './index.ts'

export interface Setup {
  readonly object?: 'contact_tag' | 'company_tag' | 'conversation_tag' | 'ticket_tag' | 'contact_company'
  readonly apiVersion?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly emulator?: IntercomEmulatorOptions
}

export interface Bench extends TargetSession {
  readonly object: TargetObject
  readonly listing: Listing
  readonly emulator: IntercomEmulator
  /** Writes since the last call of this function. */
  writes(): number
}

/** A session with an emulated Intercom: 60 contacts, 120 companies (half without contacts), 60 conversations. */
export async function bench(setup: Setup, body: (bench: Bench) => Promise<void>): Promise<void> {
  const { object: id = 'contact_tag', apiVersion = '2.16', settings = {} } = setup
  const object = target.objects.find((each) => each.id === id)
  assert.ok(object !== undefined)
  const kinds: Readonly<Record<string, Kind>> = {
    contact_tag: 'contact',
    company_tag: 'company',
    conversation_tag: 'conversation',
    ticket_tag: 'ticket',
  }
  const kind = kinds[id] ?? 'contact'
  const emulator = await startIntercomEmulator({
    contacts: 60,
    companies: 120,
    conversations: 60,
    tags: ['Premium', 'Region-EU'],
    tokens: { [canary]: { scopes: 'all' } },
    ...setup.emulator,
  })
  const ids: Readonly<Record<string, (i: number) => string>> = {
    contact: contactId,
    company: companyIntercomId,
    conversation: String,
    ticket: ticketId,
  }
  const idOf = ids[kind] ?? String
  let written = 0
  const testCase = {
    title: '',
    target,
    object,
    identifier: 'id',
    rights: [],
    settings: (tags: readonly string[], options?: { readonly create?: boolean }) => ({
      [object.group?.setting ?? 'tags']: tags,
      ...settings,
      ...(options?.create === true ? { createTag: true } : {}),
    }),
    start: async () => ({
      groups: [],
      config: (changes: object) => ({ baseUrl: emulator.url, apiVersion, ...changes }),
      withhold: () => undefined,
      existing: (i: number) => ({ field: 'id', value: idOf(i) }),
      unknown: (i: number) => ({ field: 'id', value: idOf(1_000_000 + i) }),
      holds: ({ value }: { readonly value: string }) => emulator.world.tagsOn(kind, value),
      put: ({ value }: { readonly value: string }, tag: string) => emulator.world.attach(kind, value, tag),
      groupNames: () => emulator.world.summary().tags.map(({ name }) => name),
      hurt: () => undefined,
      heal: () => emulator.faults.clear(),
      struck: () => false,
      close: () => emulator.close(),
    }),
  }
  await withSession(testCase, { patienceMs: 100 }, (session) =>
    body({
      ...session,
      emulator,
      object,
      get listing() {
        return object.listing ?? assert.fail(`${id} has no survey`)
      },
      writes() {
        const before = written
        written = emulator.requests.counters().writes
        return written - before
      },
    }),
  )
}
