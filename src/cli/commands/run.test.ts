import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, canary, tryCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const contacts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => contactId(from + i))
const cli = await tryCli({ contacts: 2000, tags: ['Premium Customers', 'One by one', 'Mixed', 'Odd', 'Blind'] })
const membersOf = (tag: string): string[] => cli.intercom.world.members(tag, 'contact').toSorted()

await cli.table('premium', contacts(1, 1000))
await cli.table('mixed', [...contacts(1, 997), 'gone-1', 'gone-2', 'gone-3'])
await cli.table('odd', [contactId(1), canary, null, contactId(2), contactId(2)])
await cli.config(
  [
    activation('premium-customers', { table: 'premium', tags: '[Premium Customers]' }),
    activation('one-by-one', { table: 'premium', tags: '[One by one]', delivery: 'single' }),
    activation('mixed', { table: 'mixed', tags: '[Mixed]' }),
    activation('odd', { table: 'odd', tags: '[Odd]' }),
    activation('no-tag', { table: 'premium', tags: '[Premum Customers]' }),
    activation('no-table', { table: 'nowhere', tags: '[Mixed]' }),
  ].join(''),
)

test('1,000 contacts are tagged in 21 writes at most, and a second Run writes nothing', async () => {
  cli.intercom.requests.clear()
  const first = await cli.tailrace(['run', 'premium-customers', '--json'])
  assert.equal(first.code, 0, first.stderr)
  const report = first.json()
  assert.deepEqual(Object.keys(report), [
    'run',
    'activation',
    'status',
    'counts',
    'leftAlone',
    'requests',
    'durationMs',
    'standing',
    'notices',
  ])
  assert.deepEqual(report.counts, {
    read: 1000,
    invalid: 0,
    added: 1000,
    changed: 0,
    removed: 0,
    unchanged: 0,
    planned: 1000,
    delivered: 1000,
    alreadyInPlace: 0,
    rejected: 0,
    onHold: 0,
    unconfirmed: 0,
  })
  assert.equal(report.status, 'completed')
  assert.equal(first.stdout.trimEnd().split('\n').length, 1)
  assert.deepEqual(membersOf('Premium Customers'), contacts(1, 1000))
  const { writes } = cli.intercom.requests.counters()
  assert.ok(writes <= 21, `${writes} writes`)
  assert.equal(report.requests.write, writes)

  const second = await cli.tailrace(['run', 'premium-customers', '--json'])
  assert.deepEqual([second.code, second.json().status, second.json().counts.unchanged], [0, 'shelved', 1000])
  assert.equal(cli.intercom.requests.counters().writes, writes)
})

test('an index that cannot be asked does not stop a Run: it says so, and sends everything', async () => {
  await cli.table('few', contacts(1501, 1510))
  await cli.config(activation('blind', { table: 'few', tags: '[Blind]' }), 'blind.yaml')
  cli.intercom.faults.add({
    path: '/contacts/search',
    effect: {
      type: 'status',
      status: 404,
      body: { type: 'error.list', errors: [{ code: 'not_found', message: 'Not here' }] },
    },
  })
  const { code, stdout } = await cli.tailrace(['run', 'blind', '--config', 'blind.yaml'])
  cli.intercom.faults.clear()
  assert.equal(code, 0, stdout)
  assert.match(stdout, /10 delivered/)
  assert.match(stdout, /search index of the Target cannot be used/)
})

test('delivery: single makes one write for each contact', async () => {
  cli.intercom.requests.clear()
  const { code, stderr } = await cli.tailrace(['run', 'one-by-one'])
  assert.equal(code, 0, stderr)
  assert.equal(cli.intercom.requests.counters().writes, 1000)
  assert.equal(membersOf('One by one').length, 1000)
})

test('three unknown contacts fail alone: 997 are delivered, the three are named, and the exit code is 1', async () => {
  const { code, stdout } = await cli.tailrace(['run', 'mixed'])
  assert.equal(code, 1)
  assert.deepEqual(membersOf('Mixed'), contacts(1, 997))
  assert.match(stdout, /997 delivered/)
  assert.match(stdout, /Not loaded.*: 3/)
  for (const id of ['gone-1', 'gone-2', 'gone-3']) assert.match(stdout, new RegExp(`${id} .*no contact.*request em`))
  assert.match(stdout, /→ tailrace show \d+ --records failed/)
})

test('rows that cannot become records are counted and named, and a token among the data does not come out', async () => {
  const { code, stdout } = await cli.tailrace(['run', 'odd'], { TAILRACE_LOG: 'debug' })
  assert.equal(code, 1)
  assert.match(stdout, /5 rows read · 1 invalid/)
  assert.match(stdout, /null-identifier: 1 in "id"\n +Row 3/)
  assert.match(stdout, /1 row is equal to another row; each record counts once/)
  assert.match(stdout, /\[redacted\]/)
  assert.deepEqual(membersOf('Odd'), [contactId(1), contactId(2)])
  const listed = await cli.tailrace(['plan', 'odd', '--format', 'json'])
  const lines = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    lines
      .filter(({ reason }) => reason === 'invalid')
      .map(({ operation, code, row }) => [operation, code, row ?? null])
      .slice(0, 1),
    [['reject', 'null-identifier', 3]],
  )
  const { operations } = (await cli.tailrace(['plan', 'odd', '--json'])).json()
  assert.ok(
    operations.some(
      ({ reason, message }: { reason: string; message: string }) => reason === 'invalid' && message.includes('Row 3'),
    ),
  )
})

test('a plan shows what a Run would do, and sends nothing', async () => {
  await cli.table('more', contacts(1001, 1200))
  await cli.config(activation('more', { table: 'more', tags: '[Brand new]', createTag: 'true' }), 'more.yaml')
  cli.intercom.requests.clear()
  const shown = await cli.tailrace(['plan', 'more', '--config', 'more.yaml'])
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, new RegExp(`${contactId(1001)} +\\+ Brand new`))
  assert.ok(!shown.stdout.includes(contactId(1051)))
  assert.match(shown.stdout, /and 150 more/)
  assert.match(shown.stdout, /200 contacts would get "Brand new"/)
  assert.match(shown.stdout, /would be created/)
  assert.match(shown.stdout, /tailrace run more --config more\.yaml/)
  const csv = await cli.tailrace(['plan', 'more', '--config', 'more.yaml', '--format', 'csv'])
  assert.equal(
    csv.stdout,
    `record,group,operation,reason,target_id,fields,before,code,message,row\n${contacts(1001, 1200)
      .map((id) => `${id},Brand new,attach,new,,,,,,\n`)
      .join('')}`,
  )
  const { writeCalls, toCreate, operations, counts } = (
    await cli.tailrace(['plan', 'more', '--config', 'more.yaml', '--json', '--limit', '2'])
  ).json()
  assert.deepEqual([writeCalls, toCreate, operations.length, counts.planned], [5, ['Brand new'], 2, 200])
  assert.equal(cli.intercom.requests.counters().writes, 0)
  assert.ok(!cli.intercom.world.summary().tags.some(({ name }) => name === 'Brand new'))
})

test('an unknown activation is exit code 2, and those there are are named', async () => {
  const { code, stderr, json } = await cli.tailrace(['run', 'premium-custmers', '--json'])
  assert.equal(code, 2)
  assert.match(stderr, /Did you mean "premium-customers"/)
  const { kind, code: name, advice } = json().error
  assert.deepEqual([kind, name, advice], ['usage', 'activation-not-found', 'Did you mean "premium-customers"?'])
})

test('a wrong config is exit code 2, with every problem at its line and column', async () => {
  await writeFile(
    join(cli.dir, 'wrong.yaml'),
    `targets:\n  support: { type: intercom, token: "\${NOT_SET}" }\nactivatons: {}\n`,
  )
  const { code, stderr, json } = await cli.tailrace(['run', 'any', '--config', 'wrong.yaml', '--json'])
  assert.equal(code, 2)
  assert.match(stderr, /wrong\.yaml:2:\d+ .*NOT_SET/)
  assert.match(stderr, /wrong\.yaml:3:1 .*activations/)
  assert.deepEqual(
    json().error.problems.map(({ line }: { line: number }) => line),
    [2, 3],
  )
})

test('a Run that fails is exit code 2 where tailrace.yaml is wrong, as in check, else 4, and says why and what to do', async () => {
  const noTag = await cli.tailrace(['run', 'no-tag', '--json'])
  assert.deepEqual([noTag.code, noTag.json().status, noTag.json().fault.code], [2, 'failed', 'tag-not-found'])
  assert.match(noTag.json().fault.message, /Premium Customers/)
  const noTable = await cli.tailrace(['run', 'no-table'])
  assert.equal(noTable.code, 2)
  assert.match(noTable.stdout, /error: .*nowhere.*\[query-failed\]/s)
  const unauthorized = await cli.tailrace(['run', 'premium-customers'], { INTERCOM_TOKEN: `${canary}-of-nobody` })
  assert.equal(unauthorized.code, 4)
  assert.match(unauthorized.stdout, /\[unauthorized\]\n +→ Check the token/)
})

test('what changes under an Activation beside its query is refused with exit code 2', async () => {
  await cli.config(activation('premium-customers', { table: 'premium', tags: '[Mixed]' }), 'thawed.yaml')
  const { code, json } = await cli.tailrace(['run', 'premium-customers', '--config', 'thawed.yaml', '--json'])
  assert.deepEqual([code, json().fault.code], [2, 'activation-frozen'])
})

test('tags from a column: each row its own, a changed row swaps its tag, and one that leaves loses it', async () => {
  const runWith = async (segments: readonly string[]) => {
    const values = segments.map((segment, index) => `('${contactId(1601 + index)}', '${segment}')`).join(', ')
    await cli.config(
      activation('segments', {
        table: '-',
        query: `"select * from (values ${values}) t (id, segment)"`,
        behavior: 'mirror',
        createTag: 'true',
        tags: '{ column: segment, delimiter: "+" }',
      }),
      'segments.yaml',
    )
    const { code, stderr, json } = await cli.tailrace(['run', 'segments', '--config', 'segments.yaml', '--json'])
    assert.equal(code, 0, stderr)
    return { status: json().status, groups: ['gold', 'silver', 'early'].map((tag) => membersOf(tag)) }
  }
  const [one, two, three] = [contactId(1601), contactId(1602), contactId(1603)]
  assert.deepEqual(await runWith(['gold', 'silver', 'gold+early', '']), {
    status: 'completed',
    groups: [[one, three], [two], [three]],
  })
  assert.deepEqual(await runWith(['silver', 'silver', 'early']), {
    status: 'completed',
    groups: [[], [one, two], [three]],
  })
  assert.equal((await runWith(['silver', 'silver', 'early'])).status, 'shelved')
})
