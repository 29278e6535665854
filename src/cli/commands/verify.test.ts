import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const { admins, contactId } = await emulators.intercom()
const contacts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => contactId(from + i))
const cli = await tryCli({
  contacts: 400,
  tags: ['Vip', 'Old', 'Fresh', 'Lost', 'Mirrored', 'Canary', 'Lying', 'Whose'],
})
const { world } = cli.intercom
const membersOf = (tag: string): string[] => world.members(tag, 'contact').toSorted()
const tagId = (name: string): string => world.summary().tags.find((tag) => tag.name === name)?.id ?? ''

await cli.table('vips', contacts(1, 300))
await cli.table('old', contacts(1, 3))
await cli.table('fresh', contacts(301, 320))
await cli.table('lost', contacts(1, 3))
await cli.table('mirrored', contacts(1, 2))
await cli.table('canary', ['000-gone', ...contacts(331, 360)])
await cli.table('whose', contacts(1, 2))
await cli.config(
  [
    activation('vips', { table: 'vips', tags: '[Vip]' }),
    activation('old', { table: 'old', tags: '[Old]', behavior: 'detach' }),
    activation('fresh', { table: 'fresh', tags: '[Fresh]', verify: 'sample' }),
    activation('lost', { table: 'lost', tags: '[Lost]', verify: 'full' }),
    activation('mirrored', { table: 'mirrored', tags: '[Mirrored]', behavior: 'mirror', verify: 'full' }),
    activation('canary', { table: 'canary', tags: '[Canary]' }),
    activation('lying', { table: 'vips', tags: '[Lying]' }),
    activation('whose', { table: 'whose', tags: '[Whose]', behavior: 'mirror' }),
  ].join(''),
)

/** From now on Intercom confirms each tagging, but does nothing. */
function lie(tag: string, ids: readonly string[]): void {
  const body = { type: 'tag', id: tagId(tag), name: tag, users: ids.map((id) => ({ id, tagged: true })), companies: [] }
  cli.intercom.faults.add({ method: 'POST', path: '/tags', effect: { type: 'status', status: 200, body } })
}

test('verify confirms by a few searches, and names what people changed since', async () => {
  assert.match((await cli.tailrace(['verify', 'vips'])).stdout, /has not run yet/)
  await cli.tailrace(['run', 'vips'])
  cli.intercom.requests.clear()
  const clean = await cli.tailrace(['verify', 'vips'])
  assert.equal(clean.code, 0, clean.stderr)
  assert.match(clean.stdout, /300 confirmed/)
  const { reads, writes } = cli.intercom.requests.counters()
  assert.ok(writes === 0 && reads <= 6, `${reads} reads, ${writes} writes`)

  world.detach('contact', contactId(7), 'Vip')
  world.deleteContact(contactId(8))
  world.detach('contact', contactId(9), 'Vip')
  cli.intercom.faults.add({
    path: `/contacts/${contactId(9)}/tags`,
    effect: {
      type: 'status',
      status: 403,
      body: { type: 'error.list', errors: [{ code: 'forbidden', message: 'Not for you' }] },
    },
  })
  const drifted = await cli.tailrace(['verify', 'vips', '--json'])
  cli.intercom.faults.clear()
  assert.equal(drifted.code, 1)
  const { confirmed, pending, missing, due, drift } = drifted.json()
  assert.deepEqual([confirmed, pending, missing, due], [297, 1, 2, 0])
  assert.deepEqual(
    drift.map(({ record, what, members: groups, managed }: Record<string, unknown>) => [record, what, groups, managed]),
    [
      [contactId(7), 'taken off', ['Vip'], true],
      [contactId(8), 'gone', ['Vip'], true],
    ],
  )
  assert.ok(Date.parse(drift[0].writtenAt) <= Date.now())
})

test('what a person took off is told, and put back only when asked', async () => {
  const csv = await cli.tailrace(['verify', 'vips', '--records', 'drift', '--format', 'csv'])
  const [titles, ...lines] = csv.stdout.trimEnd().split('\n')
  assert.equal(titles, 'record,what,members,whose,written_at,run,seen_at')
  assert.deepEqual(
    lines.map((line) => line.split(',').slice(0, 4)),
    [
      [contactId(7), 'taken off', 'Vip', 'managed'],
      [contactId(8), 'gone', 'Vip', 'managed'],
      [contactId(9), 'taken off', 'Vip', 'managed'],
    ],
  )
  assert.equal((await cli.tailrace(['run', 'vips', '--json'])).json().status, 'shelved')
  assert.match(
    (await cli.tailrace(['why', 'vips', contactId(7)])).stdout,
    /Another user or program detached the tag.*\n.*manual changes are kept/,
  )

  assert.match((await cli.tailrace(['verify', 'vips', '--repair'])).stdout, /tailrace run vips +.*repairs these 3/)
  const repaired = await cli.tailrace(['run', 'vips', '--json'])
  assert.deepEqual([repaired.code, repaired.json().counts.delivered, repaired.json().counts.rejected], [1, 2, 1])
  assert.ok([7, 9].every((i) => membersOf('Vip').includes(contactId(i))))
  const after = await cli.tailrace(['verify', 'vips', '--json'])
  assert.deepEqual([after.code, after.json().confirmed, after.json().drift], [0, 299, []])
})

test('for detach, what was put back is found and taken off again', async () => {
  for (const id of contacts(1, 3)) world.attach('contact', id, 'Old')
  await cli.tailrace(['run', 'old'])
  world.attach('contact', contactId(2), 'Old')
  const found = await cli.tailrace(['verify', 'old', '--repair', '--json'])
  assert.deepEqual([found.code, found.json().missing, found.json().drift[0].what], [1, 1, 'put back'])
  await cli.tailrace(['run', 'old'])
  assert.deepEqual(membersOf('Old'), [])
})

test('a Run reads back a sample of what it delivered', async () => {
  const { json, code } = await cli.tailrace(['run', 'fresh', '--json'])
  assert.deepEqual([code, json().status, json().verified], [0, 'completed', { confirmed: 20, pending: 0, missing: 0 }])
})

test('what was confirmed and is not there is found at once, and sent by the next Run', async () => {
  lie('Lost', contacts(1, 3))
  const lost = await cli.tailrace(['run', 'lost', '--json'])
  cli.intercom.faults.clear()
  assert.deepEqual(
    [lost.code, lost.json().status, lost.json().verified.missing, lost.json().standing.unconfirmed],
    [1, 'completed with failures', 3, 3],
  )
  const next = await cli.tailrace(['run', 'lost', '--json'])
  assert.deepEqual([next.json().status, next.json().verified.confirmed], ['completed', 3])
  assert.deepEqual(membersOf('Lost'), contacts(1, 3))
})

test('so is a removal that was confirmed and did not happen, though its record has left the query', async () => {
  await cli.tailrace(['run', 'mirrored'])
  await cli.table('mirrored', contacts(1, 1))
  cli.intercom.faults.add({
    method: 'DELETE',
    path: '/contacts/*/tags/*',
    effect: {
      type: 'status',
      status: 200,
      body: { type: 'tag', id: tagId('Mirrored'), name: 'Mirrored', applied_at: 1, applied_by: null },
    },
  })
  const lost = await cli.tailrace(['run', 'mirrored', '--json'])
  cli.intercom.faults.clear()
  assert.deepEqual(
    [lost.json().status, lost.json().verified.missing, membersOf('Mirrored').length],
    ['completed with failures', 1, 2],
  )
  await cli.tailrace(['run', 'mirrored'])
  assert.deepEqual(membersOf('Mirrored'), contacts(1, 1))
})

test('a canary stops at the first record that is rejected, and the rest is on hold', async () => {
  const { code, json } = await cli.tailrace(['run', 'canary', '--canary', '10', '--json'])
  const { status, fault, counts } = json()
  assert.deepEqual([code, status, fault.code], [5, 'stopped', 'canary-failed'])
  assert.match(fault.message, /000-gone/)
  assert.deepEqual([counts.delivered, counts.rejected, counts.onHold, membersOf('Canary').length], [9, 1, 21, 9])
})

test('a canary that lives lets the rest go; what it sent is not sent again', async () => {
  await cli.table('canary', contacts(331, 360))
  const { code, json } = await cli.tailrace(['run', 'canary', '--canary', '5', '--allow', 'adds', '--json'])
  assert.deepEqual([code, json().status, json().counts.delivered], [0, 'completed', 21])
  assert.deepEqual(membersOf('Canary'), contacts(331, 360))
})

test('a canary that was confirmed and is not there stops the Run', async () => {
  lie('Lying', contacts(1, 10))
  const { code, json } = await cli.tailrace(['run', 'lying', '--canary', '10', '--json'])
  cli.intercom.faults.clear()
  assert.deepEqual([code, json().fault.code, json().counts.onHold], [5, 'canary-failed', 290])
  assert.match(json().fault.message, /does not hold what was written/)
  assert.equal((await cli.tailrace(['run', 'lying', '--json'])).json().status, 'completed with failures')
  assert.deepEqual(membersOf('Lying').length, 299)
})

test('a tag that another hand took off and put on again at once is external, and a mirror leaves it', async () => {
  await cli.tailrace(['run', 'whose'])
  world.detach('contact', contactId(1), 'Whose')
  world.attach('contact', contactId(1), 'Whose', { adminId: admins[1]?.id ?? '' })
  await cli.table('whose', contacts(3, 3))
  const { json } = await cli.tailrace(['run', 'whose', '--json'])
  assert.deepEqual([json().counts.delivered, json().leftAlone], [2, 1])
  assert.deepEqual(membersOf('Whose'), [contactId(1), contactId(3)])
})
