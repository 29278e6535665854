import { leadExternalId } from '../ids.ts'
import type { CompanySeed, ContactSeed, Settings, TaggedSeed } from '../options.ts'
import { adminOf } from './admins.ts'
import type { Kind } from './memberships.ts'
import type { Workspace } from './workspace.ts'

/** Creates the tags of the options and attaches those set from the start. The index contains them at once. */
export function plantSeed(workspace: Workspace): void {
  for (const name of workspace.settings.tags) workspace.tags.findOrCreate(name)
  const { listed, tagged } = workspace.settings
  for (const [index, contact] of listed.contacts?.entries() ?? []) plantContact(workspace, index + 1, contact)
  for (const [index, company] of listed.companies?.entries() ?? []) plantCompany(workspace, index + 1, company)
  const at = workspace.seconds() - secondsADay
  const plantAll = (
    kind: Kind,
    targetRecords: readonly { readonly tags?: readonly string[] | undefined }[] | undefined,
  ): void => {
    for (const [index, { tags = [] }] of targetRecords?.entries() ?? []) {
      for (const name of tags) {
        const { number: tag } = workspace.tags.findOrCreate(name)
        workspace.change({ do: 'attach', kind, targetRecord: index + 1, tag, at, adminId: adminOf(undefined).id })
      }
    }
  }
  plantAll('contact', listed.contacts)
  plantAll('company', listed.companies)
  plantAll('conversation', listed.conversations)
  for (const each of tagged) plant(workspace, each)
  workspace.catchUp()
}

const secondsADay = 86_400

function plantContact(workspace: Workspace, targetRecord: number, seed: ContactSeed): void {
  const { role = 'user', external_id: given, name, phone, owner_id: owner, custom_attributes: custom } = seed
  const externalId = given ?? (role === 'lead' ? leadExternalId(targetRecord) : null)
  const seeded = workspace.live.contacts.of(targetRecord)
  workspace.change({
    do: 'write-contact',
    targetRecord,
    record: {
      ...seeded,
      role,
      externalId,
      name: name === undefined ? seeded.name : name,
      phone: phone ?? null,
      ownerId: owner === undefined || owner === null ? null : Number(adminOf(owner).id),
      custom: custom ?? {},
    },
  })
}

function plantCompany(
  workspace: Workspace,
  targetRecord: number,
  { custom_attributes: custom = {} }: CompanySeed,
): void {
  workspace.change({
    do: 'write-company',
    targetRecord,
    record: { ...workspace.live.companies.of(targetRecord), custom },
  })
}

function plant(workspace: Workspace, tagged: TaggedSeed): void {
  const adminId = adminOf(tagged.adminId).id
  const { number: tag } = workspace.tags.findOrCreate(tagged.tag)
  const at = workspace.seconds()
  const lists: readonly [Kind, readonly (string | number)[] | undefined][] = [
    ['contact', tagged.contacts],
    ['company', tagged.companies],
    ['conversation', tagged.conversations],
    ['ticket', tagged.tickets],
  ]
  for (const [kind, targetRecords] of lists) {
    for (const targetRecord of targetRecords ?? []) {
      workspace.change({
        do: 'attach',
        kind,
        targetRecord: recordNumber(workspace, kind, targetRecord),
        tag,
        at,
        adminId,
      })
    }
  }
}

/** The number of a record, by id or by its number from 1. Throws when it does not exist. */
export function recordNumber(workspace: Workspace, kind: Kind, targetRecord: string | number): number {
  const id = typeof targetRecord === 'number' ? workspace.directory.ids[kind].of(targetRecord) : targetRecord
  const find: Record<Kind, () => number> = {
    contact: () => workspace.contact(id),
    company: () => workspace.company(id) || workspace.companyByCompanyId(id),
    conversation: () => workspace.conversation(id),
    ticket: () => workspace.ticket(id),
  }
  const number = find[kind]()
  if (number === 0)
    throw new Error(`there is no ${kind} ${targetRecord} in the emulator, which has ${seeded(workspace.settings)}`)
  return number
}

function seeded({ contacts, companies, conversations, tickets }: Settings): string {
  return `${contacts} contacts, ${companies} companies, ${conversations} conversations, ${tickets} tickets`
}
