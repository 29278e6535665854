import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { contactOf, day, openSharedAccount, type AccountActivation } from '../testing/shared-account/shared-account.ts'

const account = await openSharedAccount()
after(async () => {
  await account.intercom.close()
  await account.database.close()
})
const { world } = account

const spec = (more: Partial<AccountActivation> = {}): AccountActivation => ({
  name: 'segments',
  object: 'contact_tag',
  behavior: 'mirror',
  by: ['id'],
  groups: 'column',
  ...more,
})
const tagsOn = (at: number): readonly string[] => world.tagsOn('contact', contactOf(at).id).toSorted()

test('a tag that rows name and Intercom does not have rejects its own pair, and nothing else', async () => {
  await account.reset()
  const it = await account.open(spec())
  const rows = [
    { id: contactOf(1).id, groups: ['Red', 'Bleu'] },
    { id: contactOf(2).id, groups: ['Bleu'] },
    { id: contactOf(3).id, groups: ['Green'] },
  ]
  const plan = await account.plan(it, rows)
  assert.deepEqual([plan.lines.adds, plan.lines.notLoaded], [2, 2])
  const { status, counts, notices } = await account.run(it, rows)
  assert.deepEqual(
    [status, counts.read, counts.invalid, counts.rejected, counts.delivered],
    ['completed with failures', 3, 0, 2, 2],
    'the record with both kinds of links counts in both',
  )
  assert.deepEqual([tagsOn(1), tagsOn(2), tagsOn(3)], [['Red'], [], ['Green']])
  assert.deepEqual(
    notices.filter(({ code }) => code === 'tags-missing').map(({ words, data }) => [words, data]),
    [
      [
        'Intercom does not have one of the tags in the rows; the records with it are not loaded: "Bleu" (nearest: "Blue").',
        { tags: 1 },
      ],
    ],
  )
})

test('once the tag exists, the next Run adds the links that waited for it', async () => {
  await account.reset()
  const it = await account.open(spec())
  const rows = [{ id: contactOf(1).id, groups: ['Red', 'New'] }]
  await account.run(it, rows)
  world.createTag('New')
  await account.letTimePass(day)
  const { status, counts } = await account.run(it, rows)
  assert.deepEqual([status, counts.delivered, tagsOn(1)], ['completed', 1, ['New', 'Red']])
  await account.letTimePass(day)
  const quiet = await account.run(it, rows)
  assert.deepEqual([quiet.status, quiet.requests.write, quiet.standing.notLoaded], ['shelved', 0, 0])
  await account.run(it, [])
  assert.deepEqual(tagsOn(1), [], 'both links are managed')
})

test('detach: a tag that does not exist is named, and the other tags are removed', async () => {
  await account.reset()
  world.attach('contact', contactOf(1).id, 'Red')
  await account.letTimePass(day)
  const it = await account.open(spec({ behavior: 'detach' }))
  const { counts } = await account.run(it, [{ id: contactOf(1).id, groups: ['Red', 'Bleu'] }])
  assert.deepEqual([counts.rejected, tagsOn(1)], [1, []])
})

test('a misspelled name does not keep the links of former names from being removed', async () => {
  await account.reset()
  const it = await account.open(spec())
  await account.run(it, [{ id: contactOf(1).id, groups: ['Red'] }])
  await account.letTimePass(day)
  await account.run(it, [{ id: contactOf(1).id, groups: ['Grene'] }])
  assert.deepEqual(tagsOn(1), [])
})

test('verify checks the links that are in place', async () => {
  await account.reset()
  const it = await account.open(spec())
  await account.run(it, [{ id: contactOf(1).id, groups: ['Red', 'Bleu'] }])
  await account.letTimePass(day)
  const verified = await account.verify(it)
  assert.deepEqual([verified?.verified.confirmed, verified?.verified.missing], [1, 0])
})

test('settings that name an unknown tag end the Run, and the names are in the Fault', async () => {
  await account.reset()
  const it = await account.open(spec({ groups: ['Bleu'] }))
  const { status, fault } = await account.run(it, [{ id: contactOf(1).id }])
  assert.deepEqual([status, fault?.code], ['failed', 'tag-not-found'])
})
