import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyIntercomId, contactId } from './index.ts'
import { drive } from './sdk.fixture.ts'

test('the official SDK creates, updates, finds and searches contacts', async (t) => {
  const { emulator, client } = await drive(t, { contacts: 5 })
  const custom_attributes = { seats: 3, plan: 'premium', paid_subscriber: true }
  const made = await client.contacts.create({ external_id: 'own', name: 'Ann', custom_attributes } as {
    external_id: string
  })
  assert.deepEqual([made.id, made.external_id, made.custom_attributes], [contactId(6), 'own', custom_attributes])
  const updated = await client.contacts.update({
    contact_id: made.id!,
    email: 'Ann@Shop.Example',
    custom_attributes: { seats: 4 },
  })
  assert.deepEqual(
    [updated.email, updated.custom_attributes?.seats, updated.custom_attributes?.plan],
    ['ann@shop.example', 4, 'premium'],
  )
  assert.equal((await client.contacts.find({ contact_id: made.id! })).email, 'ann@shop.example')
  assert.equal((await client.contacts.showContactByExternalId({ external_id: 'own' })).id, made.id)
  const found = await client.contacts.search({ query: { field: 'email', operator: '=', value: 'ANN@shop.example' } })
  assert.deepEqual(
    found.data.map(({ id }) => id),
    [made.id],
  )
  assert.equal(emulator.world.contact({ external_id: 'own' })?.name, 'Ann')
  await assert.rejects(
    client.contacts.create({ external_id: 'own' }),
    ({ statusCode, body }) => statusCode === 409 && body.errors[0].message.endsWith(`id=${made.id}`),
  )
  await assert.rejects(client.contacts.create({ email: 'x@y.z', custom_attributes: { height: 1 } }), {
    statusCode: 400,
  })
})

test('the official SDK archives, unarchives, blocks, merges and deletes contacts', async (t) => {
  const { emulator, client } = await drive(t, {
    contacts: [
      { id: 'lead', role: 'lead', email: 'a@b.c' },
      { id: 'user', email: 'a@b.c' },
      { id: 'c3', external_id: 'u3' },
    ],
  })
  assert.equal((await client.contacts.archive({ contact_id: 'c3' })).archived, true)
  await assert.rejects(client.contacts.find({ contact_id: 'c3' }), { statusCode: 404 })
  assert.equal((await client.contacts.unarchive({ contact_id: 'c3' })).archived, false)
  assert.equal((await client.contacts.find({ contact_id: 'c3' })).external_id, 'u3')
  assert.equal((await client.contacts.mergeLeadInUser({ from: 'lead', into: 'user' })).id, 'user')
  await assert.rejects(client.contacts.find({ contact_id: 'lead' }), { statusCode: 410 })
  assert.equal((await client.contacts.delete({ contact_id: 'c3' })).deleted, true)
  assert.equal((await client.contacts.blockContact({ contact_id: 'user' })).blocked, true)
  assert.deepEqual(
    ['lead', 'user', 'c3'].map((id) => emulator.world.contact(id)?.state),
    ['merged', 'archived', 'deleted'],
  )
})

test('the official SDK writes, finds and deletes companies', async (t) => {
  const { emulator, client } = await drive(t, { companies: 2 })
  const made = await client.companies.createOrUpdate({
    company_id: 'acme',
    name: 'Acme',
    monthly_spend: 9.9,
    custom_attributes: { seats: 1 },
  })
  assert.equal(made.monthly_spend, 9)
  const again = await client.companies.createOrUpdate({ company_id: 'acme', size: 5 })
  assert.deepEqual([again.id, again.name, again.size], [made.id, 'Acme', 5])
  const updated = await client.companies.update({
    company_id: companyIntercomId(1),
    body: { name: 'New', plan: 'Pro' },
  })
  assert.deepEqual([updated.name, updated.plan?.name], ['New', 'Pro'])
  assert.equal((await client.companies.find({ company_id: made.id! })).company_id, 'acme')
  const byOwnId = await client.companies.retrieve({ company_id: 'acme' })
  assert.equal('id' in byOwnId && byOwnId.id, made.id)
  assert.equal((await client.companies.delete({ company_id: made.id! })).deleted, true)
  await assert.rejects(client.companies.find({ company_id: made.id! }), { statusCode: 404 })
  assert.deepEqual(
    emulator.world.createdCompanies().map(({ company_id, state }) => [company_id, state]),
    [['acme', 'deleted']],
  )
})

test('the official SDK lists, creates and updates data attributes', async (t) => {
  const { emulator, client } = await drive(t)
  const made = await client.dataAttributes.create({
    name: 'Ring',
    model: 'contact',
    data_type: 'options',
    options: [{ value: '1' }, { value: '2' }],
  } as never)
  const listed = (await client.dataAttributes.list({ model: 'contact' })).data
  assert.deepEqual(listed?.find(({ id }) => id === made.id)?.full_name, 'custom_attributes.Ring')
  const updated = await client.dataAttributes.update({
    data_attribute_id: made.id!,
    body: { description: 'One', archived: true } as never,
  })
  assert.deepEqual([updated.description, updated.archived], ['One', true])
  const names = async (include_archived: boolean) =>
    (await client.dataAttributes.list({ model: 'contact', include_archived })).data?.map(({ name }) => name)
  assert.deepEqual([(await names(false))?.includes('Ring'), (await names(true))?.includes('Ring')], [false, true])
  assert.equal(emulator.world.attributes('contact').at(-1)?.name, 'Ring')
})
