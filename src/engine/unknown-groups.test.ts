import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { planActivation } from './plan-activation.ts'
import { behaviors } from '../behaviors/registry.gen.ts'
import { nextWords, nowWords } from '../model/words/story.ts'
import { readRecordStory } from './record-story.ts'
import { runActivation } from './run.ts'
import { openKeptPlan } from './saved-plans/kept-plan.ts'
import {
  companyOf,
  contactOf,
  day,
  openSharedAccount,
  type AccountActivation,
} from '../testing/shared-account/shared-account.ts'

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

test('a tag that rows name and Intercom does not have rejects its own link, and nothing else', async () => {
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
        'Intercom does not have one of the tags in the rows: "Bleu" (nearest: "Blue"). The links to it are not loaded.',
        { tags: 1 },
      ],
    ],
  )
})

for (const object of ['contact_tag', 'company_tag', 'contact_company'] as const) {
  for (const behavior of ['attach', 'detach', 'mirror'] as const) {
    test(`${object}, ${behavior}: an unknown group is named, is not loaded, and is the reason for no other write`, async () => {
      await account.reset()
      const [known, other] = object === 'contact_company' ? ['k1', 'k2'] : ['Red', 'Blue']
      const target = object === 'company_tag' ? companyOf(3) : contactOf(1)
      const id = target.id
      const on = (): readonly string[] =>
        object === 'contact_company' ? world.companiesOf(id).toSorted() : world.tagsOn(kind, id).toSorted()
      const kind = object === 'company_tag' ? 'company' : 'contact'
      const held = (name: string): string => (object === 'contact_company' ? `intercom-${name}` : name)
      if (behavior === 'detach') for (const name of [known, other]) byHand(object, kind, id, name)
      await account.letTimePass(day)
      const it = await account.open(spec({ object, behavior }))
      const run = async (...groups: readonly string[]) => {
        const { counts, notices } = await account.run(it, [{ id, groups }])
        await account.letTimePass(day)
        return { counts, codes: notices.map(({ code }) => code).toSorted() }
      }
      const missing = object === 'contact_company' ? 'companies-missing' : 'tags-missing'
      const codes = behavior === 'mirror' ? [missing, 'kept-beside-missing'].toSorted() : [missing]
      const first = await run(known, 'no such group')
      assert.deepEqual([first.counts.rejected, first.counts.delivered, first.codes], [1, 1, codes])
      assert.deepEqual(on(), behavior === 'detach' ? [held(other)] : [held(known)])
      const second = await run('no such group')
      assert.deepEqual([second.counts.planned, second.counts.delivered], [0, 0])
      assert.deepEqual(on(), behavior === 'detach' ? [held(other)] : [held(known)])
      const { counts } = await run(other)
      assert.equal(counts.rejected, 0)
      const end = { attach: [held(known), held(other)].toSorted(), detach: [], mirror: [held(other)] }[behavior]
      assert.deepEqual(on(), end)
    })
  }
}

function byHand(object: string, kind: 'contact' | 'company', id: string, name: string): void {
  if (object === 'contact_company') world.join(id, `intercom-${name}`)
  else world.attach(kind, id, name)
}

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

test('detach: a tag that does not exist is not loaded, a notice names it, and the other tags are removed', async () => {
  await account.reset()
  world.attach('contact', contactOf(1).id, 'Red')
  await account.letTimePass(day)
  const it = await account.open(spec({ behavior: 'detach' }))
  const { counts, notices } = await account.run(it, [{ id: contactOf(1).id, groups: ['Red', 'Bleu'] }])
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['tags-missing'],
  )
  assert.deepEqual([counts.rejected, tagsOn(1)], [1, []], 'the name may be a misspelled one')
})

test('a misspelled name removes nothing from its record; once it is corrected, the former tag is removed', async () => {
  await account.reset()
  const it = await account.open(spec())
  const rows = (name: string) => [1, 2, 3].map((at) => ({ id: contactOf(at).id, groups: [name] }))
  await account.run(it, rows('Red'))
  for (const _ of [1, 2]) {
    await account.letTimePass(day)
    const { counts } = await account.run(it, rows('Grene'))
    assert.deepEqual([counts.planned, counts.delivered, tagsOn(1), tagsOn(3)], [0, 0, ['Red'], ['Red']])
  }
  await account.letTimePass(day)
  await account.run(it, [...rows('Green').slice(0, 2), ...rows('Grene').slice(2)])
  assert.deepEqual([tagsOn(1), tagsOn(2), tagsOn(3)], [['Green'], ['Green'], ['Red']])
})

test('a renamed tag that an activation does not know yet stays on the records whose state it takes over', async () => {
  await account.reset()
  const rows = [1, 2].map((at) => ({ id: contactOf(at).id, external_id: contactOf(at).external_id, groups: ['Red'] }))
  await account.run(await account.open(spec({ name: 'old', by: ['external_id'] })), rows)
  world.renameTag('Red', 'Crimson')
  await account.letTimePass(day)
  await account.run(await account.open(spec({ name: 'next', adopts: 'old' })), rows)
  assert.deepEqual([tagsOn(1), tagsOn(2)], [['Crimson'], ['Crimson']])
})

test('links that cannot be added count as no additions: they do not block the others', async () => {
  await account.reset()
  const it = await account.open(spec())
  const limited = {
    ...it,
    activation: { ...it.activation, limits: { ...it.activation.limits, adds: { count: 1 } } },
  }
  const rows = [1, 2, 3, 4].map((at) => ({ id: contactOf(at).id, groups: [at === 1 ? 'Blue' : 'Bleu'] }))
  const { status, counts, fault } = await account.run(limited, rows)
  assert.deepEqual([fault?.message, status, counts.delivered], [undefined, 'completed with failures', 1])
})

test('a corrected name leaves nothing of the wrong one behind', async () => {
  await account.reset()
  const it = await account.open(spec())
  await account.run(it, [{ id: contactOf(1).id, groups: ['Bleu'] }])
  await account.letTimePass(day)
  const { standing } = await account.run(it, [{ id: contactOf(1).id, groups: ['Blue'] }])
  assert.equal(standing.notLoaded, 0)
  const { rows } = await account.database.pool.query('select key, state from snapshot')
  assert.deepEqual(rows, [{ key: contactOf(1).id, state: 'synced' }])
})

test('an undo speaks of no rows', async () => {
  await account.reset()
  const it = await account.open(spec())
  const { run } = await account.run(it, [{ id: contactOf(1).id, groups: ['Red', 'Bleu'] }])
  await account.letTimePass(day)
  const undone = await account.undo(it, run)
  assert.deepEqual([undone?.notices, undone?.counts.delivered, tagsOn(1)], [[], 1, []])
})

test('a plan that was saved with an override to create a tag can be run', async () => {
  await account.reset()
  const it = await account.open(spec())
  it.answer([{ id: contactOf(1).id, groups: ['New'] }])
  const expiresAt = account.ports.now() + day
  const id = await planActivation(it.activation, account.ports, { allow: ['create', 'empty'], exact: true }, (plan) =>
    plan.keep(expiresAt),
  )
  const plan = await openKeptPlan(account.database.pool, it.activation.name, id)
  const { status, fault } = await runActivation(it.activation, account.ports, { plan })
  assert.deepEqual([fault?.message, status, tagsOn(1)], [undefined, 'completed', ['New']])
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

test('its story claims no answer of the Target: nothing was sent', async () => {
  await account.reset()
  const it = await account.open(spec())
  await account.run(it, [{ id: contactOf(1).id, groups: ['Bleu'] }])
  const story = await readRecordStory(
    account.database.pool,
    'segments',
    contactOf(1).id,
    new Map(Object.entries(behaviors)),
  )
  assert.ok(story)
  const { run } =
    (await account.database.pool.query<{ run: number }>('select max(id)::int as run from run')).rows[0] ?? {}
  assert.equal(
    nowWords(story, (at) => at.toISOString()),
    `Not loaded: it could not be delivered once, last in Run ${run}.`,
  )
  assert.equal(
    nextWords(story, Date.now(), (at) => at.toISOString()),
    'Nothing, until the missing tag exists or the row changes. Then the next Run writes it.',
  )
})
