import {
  allScopes,
  companyId,
  companyIntercomId,
  contactId,
  startIntercomEmulator,
  ticketId,
  type Kind,
} from './emulator/index.ts'
import { faultOf } from '../../testing/target-kit/fault-of-trouble.ts'
import { targetKit } from '../../testing/target-kit/target-kit.ts'
import { range } from '../../testing/target-kit/outcome-honesty.ts'
import type { TargetHarness } from '../../testing/target-kit/target-harness.ts'
import { apiVersions } from './api-version.ts'
import { target } from './index.ts'

interface TaggedObject {
  readonly object: string
  readonly kind: Kind
  readonly identifier: string
  readonly id: (i: number) => string
  readonly rights: readonly string[]
  /** The groups of contacts are companies, not tags. */
  readonly links?: true
}

const tagging = ['Read tags', 'Write tags']
const people = 'Read and list users and companies'
const targetRecords: readonly TaggedObject[] = [
  { object: 'contact_tag', kind: 'contact', identifier: 'id', id: contactId, rights: [...tagging, people] },
  { object: 'company_tag', kind: 'company', identifier: 'id', id: companyIntercomId, rights: [...tagging, people] },
  { object: 'company_tag', kind: 'company', identifier: 'company_id', id: companyId, rights: [...tagging, people] },
  {
    object: 'conversation_tag',
    kind: 'conversation',
    identifier: 'id',
    id: String,
    rights: [...tagging, 'Read conversations', 'Write conversations', 'Read admins'],
  },
  {
    object: 'ticket_tag',
    kind: 'ticket',
    identifier: 'id',
    id: ticketId,
    rights: [...tagging, 'Read conversations', 'Read tickets', 'Write tickets', 'Read admins'],
  },
  {
    object: 'contact_company',
    kind: 'contact',
    identifier: 'id',
    id: contactId,
    rights: [people, 'Write users and companies'],
    links: true,
  },
]

for (const targetRecord of targetRecords) {
  for (const apiVersion of apiVersions) {
    // Conversations are always sent one by one; below 2.16 contacts are, too.
    const ways =
      targetRecord.kind === 'company' || (targetRecord.object === 'contact_tag' && apiVersion === '2.16')
        ? ['batch', 'single']
        : ['batch']
    for (const delivery of ways) {
      const object = target.objects.find(({ id }) => id === targetRecord.object)
      if (object === undefined) throw new Error(`no object ${targetRecord.object}`)
      targetKit({
        title: `${targetRecord.identifier}, API ${apiVersion}, ${delivery}`,
        target,
        object,
        identifier: targetRecord.identifier,
        rights: targetRecord.rights,
        settings: (names, options) =>
          targetRecord.links
            ? { companies: names }
            : { tags: names, delivery, ...(options?.create === true ? { createTag: true } : {}) },
        start: (token) => startHarness(targetRecord, apiVersion, token),
      })
    }
  }
}

async function startHarness(
  { kind, identifier, id, links }: TaggedObject,
  apiVersion: string,
  token: string,
): Promise<TargetHarness> {
  const groups = ['Premium Customers', 'Region-EU', 'churn/risk? #1']
  // Listed companies have no contacts at the start. The kit also puts contacts into groups named "Another <n>".
  const linked = [...groups, ...range(13, (i) => `Another ${i}`)]
  const emulator = await startIntercomEmulator({
    contacts: 400,
    companies: links ? linked.map((company_id) => ({ company_id, contacts: 0 })) : 200,
    conversations: 200,
    tickets: 200,
    tags: groups,
    tokens: { [token]: { scopes: 'all' } },
  })
  const { world, faults } = emulator
  return {
    groups,
    config: (changes) => ({ baseUrl: emulator.url, apiVersion, ...changes }),
    withhold: (right) => emulator.setScopes(allScopes.filter((scope) => scope !== scopeOf[right])),
    existing: (i) => ({ field: identifier, value: id(i) }),
    unknown: (i) => ({ field: identifier, value: id(1_000_000 + i) }),
    holds: ({ value }) =>
      links ? world.companiesOf(value).map((company) => company.replace('intercom-', '')) : world.tagsOn(kind, value),
    put: ({ value }, group) => (links ? world.join(value, group) : world.attach(kind, value, group)),
    index: { stall: () => emulator.reset({ indexLagMs: 3_600_000 }), catchUp: () => world.catchUp() },
    groupNames: () => (links ? linked : world.summary().tags.map(({ name }) => name)),
    hurt: (trouble) => void faults.add(faultOf(trouble)),
    heal: () => faults.clear(),
    struck: () => faults.list().some(({ fired }) => fired > 0),
    close: () => emulator.close(),
  }
}

const scopeOf: Readonly<Record<string, string>> = {
  'Read tags': 'read_tags',
  'Write tags': 'write_tags',
  [people]: 'read_users_companies',
  'Write users and companies': 'write_users_companies',
  'Read conversations': 'read_conversations',
  'Write conversations': 'write_conversations',
  'Read tickets': 'read_tickets',
  'Write tickets': 'write_tickets',
  'Read admins': 'read_admins',
}
