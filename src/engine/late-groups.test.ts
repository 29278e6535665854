import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { contactOf, day, openSharedAccount, type AccountActivation, type OpenActivation } from '../testing/shared-account.ts'

const account = await openSharedAccount()
after(async () => {
  await account.intercom.close()
  await account.database.close()
})
beforeEach(() => account.reset())

const rows = (...numbers: readonly number[]) => numbers.map((at) => ({ id: contactOf(at).id }))
const holders = (tag: string) => account.world.members(tag, 'contact').toSorted()

/** On a tag that it may create. */
async function open(name: string, tag: string, more: Partial<AccountActivation> = {}): Promise<OpenActivation> {
  return await account.open({ name, object: 'contact_tag', behavior: 'mirror', by: ['id'], groups: [tag], createTag: true, ...more })
}

/** Its first Run is held back before the tag is created, which somebody else then does. */
async function openLate(name: string, tag: string): Promise<OpenActivation> {
  const late = await open(name, tag)
  const blocked = await account.run({ ...late, activation: { ...late.activation, limits: { ...late.activation.limits, adds: { count: 0 } } } }, rows(1, 2))
  assert.equal(blocked.status, 'blocked')
  return late
}

test('what an Activation found in place on a tag that others created after its first Run stays for it', async () => {
  const late = await openLate('late', 'New')
  account.world.createTag('New')
  account.world.attach('contact', contactOf(2).id, 'New')
  await account.letTimePass(day)
  const one = await account.run(late, rows(1, 2))
  assert.deepEqual([one.counts.delivered, one.counts.alreadyInPlace], [1, 1])
  const other = await open('other', 'New', { ownership: 'adopt' })
  await account.letTimePass(day)
  await account.run(other, rows(2, 3))
  await account.letTimePass(day)
  await account.run(other, rows(3))
  assert.deepEqual(holders('New'), rows(1, 2, 3).map(({ id }) => id), 'late wants 1 and 2')
})

for (const created of [false, true]) {
  test(`an Activation whose tag ${created ? 'others created after its first Run' : 'is not yet created'} shares it with those on the same tag, and with no others`, async () => {
    const late = await openLate('late', 'New')
    if (created) {
      account.world.createTag('New')
      await account.run(late, rows(1, 2))
    }
    const told = async (name: string, tag: string) => (await account.plan(await open(name, tag), rows(1))).notices.filter(({ code }) => code === 'shared-group').map(({ data }) => data['activation'])
    assert.deepEqual(await told('same', 'new'), ['late'])
    assert.deepEqual(await told('another', 'Blue'), [])
    assert.deepEqual(await told('to be created as well', 'Newer'), [])
  })
}
