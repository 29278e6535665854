import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IntercomError } from 'intercom-client'
import { admins, companyId, companyIntercomId, contactId } from './index.ts'
import { drive } from './sdk.fixture.ts'

const first = admins[0]!

test('the official SDK finds, creates, renames and deletes tags', async (t) => {
  const { emulator, client } = await drive(t, { tags: ['Zebra', 'alpha'] })
  const made = await client.tags.create({ name: 'Paid Customer' })
  assert.equal((await client.tags.create({ name: 'paid customer' })).id, made.id, 'names are compared without case')
  assert.deepEqual(
    (await client.tags.list()).data?.map(({ name }) => name),
    ['alpha', 'Paid Customer', 'Zebra'],
  )
  await client.tags.create({ id: made.id, name: 'Premium' })
  assert.equal((await client.tags.find({ tag_id: made.id })).name, 'Premium')
  await client.tags.delete({ tag_id: made.id })
  await assert.rejects(client.tags.find({ tag_id: made.id }), { statusCode: 404 })
  assert.deepEqual(
    emulator.world.summary().tags.map(({ name }) => name),
    ['alpha', 'Zebra'],
  )
})

test('the official SDK tags, lists and untags a contact; both are safe to repeat', async (t) => {
  const { emulator, client } = await drive(t, { tags: ['A', 'B'] })
  const contact_id = contactId(7)
  const [a, b] = (await client.tags.list()).data!
  await client.tags.tagContact({ contact_id, id: b!.id })
  const tagged = await client.tags.tagContact({ contact_id, id: a!.id })
  assert.deepEqual(tagged.applied_by, { type: 'admin', id: first.id })
  assert.equal((await client.tags.tagContact({ contact_id, id: a!.id })).applied_at, tagged.applied_at)
  const attached = (await client.contacts.listAttachedTags({ contact_id })).data
  assert.deepEqual(
    attached?.map(({ name }) => name),
    ['B', 'A'],
    'in attach order',
  )
  assert.deepEqual(emulator.world.members('a', 'contact'), [contact_id])

  assert.equal(typeof (await client.tags.untagContact({ contact_id, tag_id: a!.id })).applied_at, 'number')
  const again = await client.tags.untagContact({ contact_id, tag_id: a!.id })
  assert.equal(again.applied_at, null, 'the tag was not there')
  assert.deepEqual(emulator.world.tagsOn('contact', contact_id), ['B'])

  await assert.rejects(client.tags.tagContact({ contact_id: contactId(9_999), id: a!.id }), errorOf('User Not Found'))
  await assert.rejects(client.tags.tagContact({ contact_id, id: '999' }), errorOf('Resource Not Found'))
})

test('the official SDK finds, lists and searches contacts', async (t) => {
  const { emulator, client } = await drive(t, { contacts: 25, tags: ['VIP'] })
  for (const i of [3, 14, 15]) emulator.world.attach('contact', i, 'VIP')
  assert.equal((await client.contacts.find({ contact_id: contactId(3) })).external_id, 'user-3')
  assert.equal((await client.contacts.showContactByExternalId({ external_id: 'user-14' })).id, contactId(14))

  const listed: (string | undefined)[] = []
  for await (const contact of await client.contacts.list({ per_page: 10 })) listed.push(contact.id)
  assert.deepEqual(
    listed,
    Array.from({ length: 25 }, (_, i) => contactId(i + 1)),
  )

  const tag = (await client.tags.list()).data![0]!.id
  const found = await client.contacts.search({
    query: { field: 'tag_id', operator: '=', value: tag },
    pagination: { per_page: 2 },
  })
  const ids: (string | undefined)[] = []
  for await (const contact of found) ids.push(contact.id)
  assert.deepEqual(ids, [3, 14, 15].map(contactId))
})

test('the official SDK tags companies in bulk, and reads them', async (t) => {
  const { emulator, client } = await drive(t)
  await client.tags.create({ name: 'Big', companies: [{ company_id: companyId(2) }, { id: companyIntercomId(5) }] })
  assert.deepEqual(emulator.world.members('Big', 'company'), [companyIntercomId(2), companyIntercomId(5)])
  await client.tags.create({ name: 'Big', companies: [{ company_id: companyId(2), untag: true }] })
  const company = await client.companies.find({ company_id: companyIntercomId(5) })
  assert.deepEqual(
    (company.tags as { tags: { name: string }[] }).tags.map(({ name }) => name),
    ['Big'],
  )
  const byOwnId = await client.companies.retrieve({ company_id: companyId(2) })
  assert.equal('id' in byOwnId && byOwnId.id, companyIntercomId(2), 'one company, not a list')
  const [first] = (await client.companies.list({ per_page: 60, order: 'asc' })).data
  assert.equal(first?.company_id, companyId(1))
  const scroll = await client.companies.scroll()
  assert.equal(scroll.data.length, 100)
  await assert.rejects(client.companies.scroll(), { statusCode: 400 })
})

test('the official SDK tags and untags conversations in the name of an admin', async (t) => {
  const { emulator, client } = await drive(t, {
    tagged: [{ tag: 'Paid Customer', conversations: [100] }],
    tags: ['Region-EU'],
  })
  const [paid, region] = (await client.tags.list()).data!
  const admin_id = admins[1]!.id
  assert.equal(
    (await client.tags.tagConversation({ conversation_id: '100', id: region!.id, admin_id })).applied_by?.id,
    admin_id,
  )
  const conversation = await client.conversations.find({ conversation_id: '100' })
  assert.deepEqual(
    conversation.tags?.tags?.map(({ name, applied_by }) => [name, applied_by?.id]),
    [
      ['Paid Customer', first.id],
      ['Region-EU', admin_id],
    ],
  )
  const query = { field: 'tag_ids', operator: 'IN', value: [paid!.id] as unknown as string } as const
  const found = await client.conversations.search({ query })
  assert.deepEqual(
    found.data.map(({ id }) => id),
    ['100'],
  )
  await client.tags.untagConversation({ conversation_id: '100', tag_id: paid!.id, admin_id })
  assert.deepEqual(emulator.world.tagsOn('conversation', '100'), ['Region-EU'])
})

test('the official SDK learns who it is and who the admins are', async (t) => {
  const { client } = await drive(t, { region: 'eu' })
  const me = await client.admins.identify()
  assert.equal(me?.id, first.id)
  assert.equal(me?.app?.region, 'EU')
  assert.deepEqual(
    (await client.admins.list()).admins?.map((admin) => admin?.id),
    admins.map(({ id }) => id),
  )
})

function errorOf(message: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof IntercomError &&
    error.statusCode === 404 &&
    (error.body as { errors: { message: string }[] }).errors[0]?.message === message
}
