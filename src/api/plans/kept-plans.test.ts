import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../../targets/emulators.gen.ts'
import { findKeptPlan, forgetOldPlans } from '../../store/plans/kept-plans.ts'
import { rowOfPlan } from '../../store/plans/numbered-plans.ts'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const people = Array.from({ length: 60 }, (_, i) => contactId(i + 1))
const cli = await tryCli({ contacts: 60, limit: 100_000, tags: ['Kept', 'Other'] })
await cli.table('part', people.slice(0, 30))
await cli.config(
  [activation('kept', { table: 'part', tags: '[Kept]' }), activation('other', { table: 'part', tags: '[Other]' })].join(
    '',
  ),
)
const server = cli.start(['up', '--port', '0', '--json'])
await server.until(() => server.stdout().includes('"url"'))
const { url } = JSON.parse(server.stdout()) as { url: string }

interface Reply {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly body: any
}
const call = async (method: string, path: string, body?: object): Promise<Reply> => {
  const reply = await fetch(new URL(path, url), {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: await reply.json() }
}
const planOf = async (name: string, body: object = {}) => {
  let made = await call('POST', `/api/activations/${name}/plans`, body)
  // A Run releases its Activation shortly after it ended.
  while (made.body.code === 'already-running') {
    await delay(20)
    made = await call('POST', `/api/activations/${name}/plans`, body)
  }
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}
const newest = async (name: string) => (await call('GET', `/api/runs?activation=${name}&limit=1`)).body.items[0]
const runs = async (name: string, body: object) => {
  const before = (await newest(name))?.run ?? 0
  const begun = await call('POST', `/api/activations/${name}/runs`, body)
  assert.equal(begun.status, 202, JSON.stringify(begun.body))
  for (;;) {
    const run = await newest(name)
    if (run !== undefined && run.run > before && run.finishedAt !== null) return run
    await delay(20)
  }
}

test('a kept plan is run as it was shown, once; when anything has changed since, nothing is written', async () => {
  const plan = await planOf('kept')
  assert.deepEqual([plan.counts.planned, plan.lines.adds, plan.sample[0].operation], [30, 30, 'attach'])
  assert.equal((await call('GET', '/api/runs?activation=kept')).body.items.length, 0, 'a kept plan is no Run')

  const run = await runs('kept', { plan: plan.kept.plan })
  assert.deepEqual([run.status, run.counts.delivered], ['completed', 30])
  const again = await runs('kept', { plan: plan.kept.plan })
  assert.deepEqual([again.status, again.fault?.code, again.counts.delivered], ['blocked', 'plan-changed', 0])

  const next = await planOf('other')
  cli.intercom.world.attach('contact', people[4] ?? '', 'Other')
  cli.intercom.world.catchUp()
  await cli.table('part', people.slice(0, 31))
  const changed = await runs('other', { plan: next.kept.plan })
  assert.deepEqual([changed.status, changed.fault.code], ['blocked', 'plan-changed'])
  assert.match(changed.fault.message, /the query's result/)
  assert.match(changed.fault.message, new RegExp(people[30] ?? 'none'))
  assert.equal(cli.intercom.world.members('Other', 'contact').length, 1)
})

test('a plan of another Activation, or whose time is over, is no plan; its lines go with it', async () => {
  const plan = await planOf('other')
  const strange = await call('POST', '/api/activations/kept/runs', { plan: plan.kept.plan })
  assert.deepEqual([strange.status, strange.body.code], [409, 'plan-expired'])
  const { pool } = cli
  const lines = async () =>
    Number(
      (await pool.query('select count(*) as n from operation where run_id = $1', [rowOfPlan(plan.kept.plan)])).rows[0]
        .n,
    )
  assert.equal(await lines(), 31)
  await forgetOldPlans(pool)
  assert.equal(await lines(), 31)
  await pool.query('update run set kept_until = now() where id = $1', [rowOfPlan(plan.kept.plan)])
  assert.equal(await findKeptPlan(pool, 'other', rowOfPlan(plan.kept.plan)), undefined)
  assert.equal((await call('POST', '/api/activations/other/runs', { plan: plan.kept.plan })).body.code, 'plan-expired')
  assert.equal(await forgetOldPlans(pool), 1)
  assert.equal(await lines(), 0)
})

test('a canary is written first, and stops the rest where the Target does not hold what was asked', async () => {
  const run = await runs('other', { canary: 3 })
  assert.deepEqual([run.status, run.counts.delivered], ['completed', 30])
  assert.equal((await call('POST', '/api/activations/other/runs', { canary: 0 })).status, 422)
  assert.equal(
    (await call('POST', '/api/activations/other/plans', { allow: ['nothing'] })).body.errors[0].pointer,
    '/allow/0',
  )
})
