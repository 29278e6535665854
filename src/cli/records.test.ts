import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const [jane, duplicate, other] = [
  '6762f0dd1bb69f9f2193bb83',
  '6762f0dd1bb69f9f2193bb84',
  '6762f0dd1bb69f9f2193bb85',
] as const
const cli = await tryCli({
  contacts: [
    { id: jane, email: 'jane@acme.com', external_id: 'u1' },
    { id: duplicate, email: 'twin@acme.com', external_id: 'u2' },
    { id: other, email: 'twin@acme.com', external_id: 'u3' },
  ],
  companies: [{ id: 'c1', company_id: 'old' }],
  tags: ['Vip'],
})
const { world, requests } = cli.intercom
await cli.table('nothing', [])

type Row = readonly (string | null)[]
const values = (columns: string, rows: readonly Row[]) =>
  `"select * from (values ${rows.map((row) => `(${row.map((cell) => (cell === null ? 'null' : `'${cell}'`)).join(', ')})`).join(', ')}) t (${columns})"`

/** Writes tailrace.yaml with one activation for contacts; the default identifier is email. */
async function contacts(
  name: string,
  rows: readonly Row[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { columns = 'email, full_name, plan', ...more } = settings
  const all = {
    table: '-',
    tags: '',
    query: values(columns, rows),
    object: 'contact',
    behavior: 'upsert',
    identifier: '{ field: email, column: email }',
    limits: '{ adds: off, updates: off, removes: off }',
    ...more,
  }
  await cli.config(activation(name, all).replace('    tags: \n', ''))
}
const tailrace = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await cli.tailrace(args)
  return stdout + stderr
}
const run = async (name: string): Promise<number> => Number(/Run (\d+) /.exec(await tailrace('run', name))?.[1])
const names = (id: string) => world.contact(id)?.name

const mapping = '{ name: full_name, custom_attributes.plan: plan }'
const firstRows: readonly Row[] = [
  ['jane@acme.com', 'Jane', 'premium'],
  ['new@acme.com', 'New', 'free'],
  ['twin@acme.com', 'Twin', 'premium'],
]

test('a plan tells each value before and after, what is created, and what cannot be delivered; nothing is sent', async () => {
  await contacts('people', firstRows, { mapping })
  world.changeContact(jane, { name: 'J.' })
  world.catchUp()
  requests.clear()
  const { stdout, code } = await cli.tailrace(['plan', 'people'])
  assert.equal(code, 0)
  assert.match(
    stdout,
    new RegExp(
      `\\n~ jane@acme\\.com +custom_attributes\\.plan: empty → "premium", name: "J\\." → "Jane" \\(id ${jane}\\) +new in the query\\n`,
    ),
  )
  assert.match(stdout, /\n\+ new@acme\.com +custom_attributes\.plan "free", name "New" +new in the query\n/)
  assert.match(stdout, /\npeople: create 1 · update 1 \(2 values\)\n/)
  assert.match(
    stdout,
    new RegExp(`\nCannot be delivered: 1 ambiguous\n +twin@acme\\.com .*${duplicate}.*${other}.*\\[ambiguous\\]`),
  )

  const csv = await cli.tailrace(['plan', 'people', '--format', 'csv'])
  const [head, first, , last] = csv.stdout.split('\n')
  assert.equal(head, 'record,group,operation,reason,target_id,fields,before,code,message,row')
  assert.equal(
    first,
    `jane@acme.com,,update,new,${jane},"{""custom_attributes.plan"":""premium"",""name"":""Jane""}","{""custom_attributes.plan"":null,""name"":""J.""}",,,`,
  )
  assert.match(last ?? '', /^twin@acme\.com,,reject,new,,,,ambiguous,"2 contacts match/)
  const { operations, lines, undeliverable } = (await cli.tailrace(['plan', 'people', '--json'])).json()
  assert.deepEqual(operations[0], {
    record: 'jane@acme.com',
    operation: 'update',
    reason: 'new',
    targetId: jane,
    fields: { 'custom_attributes.plan': 'premium', name: 'Jane' },
    before: { 'custom_attributes.plan': null, name: 'J.' },
  })
  assert.deepEqual([lines.updates, lines.notLoaded, undeliverable[0].code], [1, 1, 'ambiguous'])
  assert.equal(requests.counters().writes, 0)
})

test('run, undo and show say as JSON what became of whole things, in one shape', async () => {
  await contacts(
    'counted',
    [
      ['c1@acme.test', 'One', 'free'],
      ['c2@acme.test', 'Two', 'free'],
    ],
    { mapping },
  )
  const ran = (await cli.tailrace(['run', 'counted', '--json'])).json()
  assert.deepEqual(ran.effects, { created: 2, updated: 0, archived: 0, deleted: 0, restored: 0 })
  assert.deepEqual((await cli.tailrace(['show', String(ran.run), '--json'])).json().effects, ran.effects)
  const undone = (await cli.tailrace(['undo', String(ran.run), '--yes', '--json'])).json()
  assert.deepEqual(undone.effects, { created: 0, updated: 0, archived: 2, deleted: 0, restored: 0 })
  assert.deepEqual((await cli.tailrace(['show', String(undone.run), '--json'])).json().effects, undone.effects)
})

test('a Run says what became of each; show and why tell the values, an undo brings them back', async () => {
  await contacts('people', firstRows, { mapping })
  const done = await tailrace('run', 'people')
  assert.match(done, /3 rows read · 2 delivered \(1 created, 1 updated\) · 1 not loaded\n/)
  const [, first] = /Run (\d+)/.exec(done) ?? []
  assert.equal(names(jane), 'Jane')
  assert.match(
    await tailrace('show', first ?? ''),
    /fields +name ← full_name · custom_attributes\.plan ← plan\n.*delivered +2 \(1 created, 1 updated\)/s,
  )
  assert.match(
    await tailrace('show', first ?? '', '--records', 'all', '--format', 'csv'),
    /"\{""custom_attributes.plan"":null,""name"":""J\.""\}","\{""custom_attributes.plan"":""premium"",""name"":""Jane""\}"\n/,
  )

  const why = await cli.tailrace(['why', 'people', 'jane@acme.com'])
  assert.match(
    why.stdout,
    new RegExp(
      `^jane@acme\\.com in people \\(id ${jane} in the Target\\)\n.*update custom_attributes\\.plan: empty → "premium", name: "J\\." → "Jane" +delivered.*Now:  It is as the query asks`,
      's',
    ),
  )
  assert.deepEqual((await cli.tailrace(['why', 'people', 'jane@acme.com', '--json'])).json().entries[0].before, {
    'custom_attributes.plan': null,
    name: 'J.',
  })
  assert.match(
    await tailrace('why', 'people', 'twin@acme.com'),
    /not sent +not loaded +\[ambiguous\].*Next: It waits\. Correct the row/s,
  )
  for (const name of [' Jane@ACME.com', jane])
    assert.match((await cli.tailrace(['why', 'people', name])).stdout, /^jane@acme\.com in people/)
  assert.match(
    await tailrace('why', 'people', 'new@acme.com'),
    /create custom_attributes\.plan "free", name "New" +delivered.*This Activation created it/s,
  )

  world.changeContact(jane, { name: 'Janet' })
  world.catchUp()
  assert.match(await tailrace('verify', 'people'), /1 changed.*jane@acme\.com +changed \(name\)/s)
  assert.match(
    await tailrace('why', 'people', 'jane@acme.com'),
    /Now:  Another user or program changed name, after Run/,
  )
  const undone = await tailrace('undo', first ?? '', '--yes')
  assert.match(undone, /\n~ jane@acme\.com +custom_attributes\.plan: "premium" → empty \(id/)
  assert.match(undone, /undo of Run \d+: restore values of 1 contact, remove 1 contact that the Run created\n/)
  assert.match(undone, /2 delivered \(1 updated, 1 archived\)/)
  assert.deepEqual([names(jane), world.contact({ email: 'new@acme.com' })?.state], ['Janet', 'archived'])
})

test('an edit of the mapping is told once, with the values it would change', async () => {
  await contacts('mapped', [['jane@acme.com', 'Jane', 'free']], { mapping: '{ name: full_name }' })
  const first = await run('mapped')
  await contacts('mapped', [['jane@acme.com', 'Jane', 'free']], { mapping: '{ custom_attributes.plan: plan }' })
  const edited = `The mapping changed since Run ${first}: + custom_attributes.plan, − name.`
  const plan = await tailrace('plan', 'mapped')
  assert.ok(plan.includes(edited), plan)
  assert.match(
    plan,
    /~ jane@acme\.com +custom_attributes\.plan: empty → "free" .*changed in the query\n.*mapped: update 1 \(1 value\)/s,
  )
  assert.ok((await tailrace('run', 'mapped')).includes(edited))
  assert.ok(!(await tailrace('run', 'mapped')).includes('The mapping changed'))
})

test('with matches: all a plan says how many things each Record goes to', async () => {
  await contacts(
    'everyone',
    [
      ['twin@acme.com', 'Twin', 'free'],
      ['jane@acme.com', 'Jane', 'free'],
    ],
    { mapping: '{ name: full_name }', matches: 'all', behavior: 'update' },
  )
  world.changeContact(jane, { name: 'Before' })
  world.catchUp()
  const plan = await tailrace('plan', 'everyone')
  assert.match(plan, new RegExp(`~ twin@acme\\.com .*\\(id ${duplicate}, one of 2\\)`))
  assert.match(
    plan,
    /2 records would go to 3 target records, because email can match several \(matches: all\)\. The largest: twin@acme\.com to 2\./,
  )
  await run('everyone')
  assert.deepEqual([names(duplicate), names(other)], ['Twin', 'Twin'])
})

test('where the Target itself creates or updates, a plan does not pretend to know which', async () => {
  const company = {
    columns: 'company_id, name',
    object: 'company',
    identifier: '{ field: company_id, column: company_id }',
    mapping: '{ name: name }',
  }
  await contacts(
    'firms',
    [
      ['acme', 'Acme'],
      ['old', 'Old'],
    ],
    company,
  )
  assert.match(
    await tailrace('plan', 'firms'),
    /\+~ acme +name: → "Acme" +new in the query\n.*firms: create or update 2\n/s,
  )
  assert.match(await tailrace('run', 'firms'), /2 delivered \(1 created, 1 updated\)/)
})

test('insert marks what exists and what changes; delete says that it is for good; mirror archives only what it created', async () => {
  const rows: Row[] = [
    ['jane@acme.com', 'J', 'free'],
    ['add@acme.com', 'Add', 'free'],
  ]
  await contacts('added', rows, { mapping, behavior: 'insert' })
  assert.match(await tailrace('run', 'added'), /1 delivered \(1 created\) · 1 not loaded.*already-exists: 1/s)
  await contacts('added', [['add@acme.com', 'Changed', 'free']], { mapping, behavior: 'insert' })
  assert.match(
    await tailrace('plan', 'added'),
    /added: nothing to send \(1 contact cannot be loaded\)\n.*Cannot be delivered: 1 changed after insert/s,
  )
  assert.equal((await cli.tailrace(['retry', 'added', '--records', 'already-exists', '--json'])).json().retried, 1)

  world.catchUp()
  await contacts('gone', [['add@acme.com', '', '']], { behavior: 'delete' })
  assert.match(
    await tailrace('plan', 'gone'),
    /− add@acme\.com +delete permanently .*gone: delete 1 \(cannot be undone\)/s,
  )
  const deleted = await run('gone')
  assert.match(
    await tailrace('undo', String(deleted), '--plan-only'),
    /1 contact deleted by the Run: a deletion cannot be undone/,
  )
  assert.match(await tailrace('why', 'gone', 'add@acme.com'), /Now:  It is deleted, since Run/)

  const mirrored = { mapping: '{ name: full_name }', behavior: 'mirror' }
  await contacts(
    'mirrored',
    [
      ['jane@acme.com', 'Jane', ''],
      ['mine@acme.com', 'Mine', ''],
    ],
    mirrored,
  )
  await run('mirrored')
  world.catchUp()
  await contacts('mirrored', [['mine2@acme.com', 'Mine', '']], mirrored)
  const plan = await tailrace('plan', 'mirrored', '--allow', 'shrunk')
  assert.match(plan, /− mine@acme\.com +archive .*no longer in the query\n.*mirrored: create 1 · archive 1\n/s)
  assert.match(await tailrace('run', 'mirrored', '--allow', 'shrunk'), /2 delivered \(1 created, 1 archived\)/)
  assert.equal(world.contact(jane)?.state, 'live')
})

test('fields lists them live, with the columns that fit and what is mapped; check holds the mapping against them', async () => {
  await contacts('people', firstRows, {
    mapping: '{ name: full_name, custom_attributes.tier: plan }',
    createFields: 'true',
  })
  const listed = await cli.tailrace(['fields', 'people'])
  assert.match(listed.stdout, /^people \(contact in support\): \d+ fields can be written\n/)
  assert.match(listed.stdout, /\nname +text +full_name +email, full_name, plan/)
  assert.match(listed.stdout, /\nemail +text +email, as identifier/)
  assert.match(listed.stdout, /\nCannot be written: \d+\n.*created_at +timestamp +Intercom sets it itself/s)
  const { fields } = (await cli.tailrace(['fields', 'support', 'contact', '--json'])).json()
  assert.deepEqual(fields.find(({ name }: { name: string }) => name === 'custom_attributes.plan').options, [
    'free',
    'basic',
    'premium',
  ])
  for (const [args, code] of [
    [['support', 'contact_tag'], 'object-without-fields'],
    [['support', 'contract'], 'object-not-found'],
    [['support'], 'object-not-found'],
    [['suport', 'contact'], 'target-not-found'],
  ] as const) {
    const rejected = await cli.tailrace(['fields', ...args, '--json'])
    assert.deepEqual([rejected.code, rejected.json().error.code], [2, code])
  }

  assert.match(
    await tailrace('check'),
    /activation people: email, full_name, plan → name ← full_name, custom_attributes\.tier ← plan\n +! The field "custom_attributes\.tier" \(text\) does not exist; the first Run creates it\./,
  )
  assert.match(
    await tailrace('plan', 'people'),
    /The field custom_attributes\.tier \(text\) does not exist and would be created/,
  )
  await contacts('people', firstRows, { mapping: '{ nane: full_name, created_at: plan }' })
  const checked = await cli.tailrace(['check'])
  assert.equal(checked.code, 2)
  assert.match(
    checked.stdout,
    /no Field "nane".*created_at.*cannot be written.*\[field-not-found\]\n +→ Did you mean "name"/s,
  )
})
