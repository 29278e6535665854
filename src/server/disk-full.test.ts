import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { emulators } from '../targets/emulators.gen.ts'
import { openEmbeddedServer } from '../embedded-postgres/embedded-server.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()

test('a full disk of the control database is named as that; Runs come ever more rarely, one line tells of it, and once there is room for it all is delivered', async (t) => {
  const small = await smallDisk()
  if (typeof small === 'string') return t.skip(small)
  const all = [contactId(1), contactId(2)]
  const cli = await tryCli({ contacts: 3, limit: 100_000, tags: ['Full'] })
  // More rows than the disk can hold; only two of them match a contact.
  await cli.table('many', [...all, ...Array.from({ length: 400_000 }, (_, i) => `nobody-with-a-long-identifier-${i}`)])
  await cli.config(
    activation('full', { table: 'many', tags: '[Full]', schedule: 'every 1s', limits: '{ failures: off, adds: off }' }),
  )
  const env = { DATABASE_URL: small.url }
  const run = await cli.tailrace(['run', 'full', '--json'], env)
  const said = run.json()
  const fault = said.fault ?? said.error
  assert.deepEqual([run.code, fault?.code], [4, 'database-disk-full'], run.stdout)
  assert.match(fault.message, /could not (extend|write)/)
  assert.match(fault.message, new RegExp(`kB are free in ${small.path}|MB are free in ${small.path}`))

  const server = cli.start(['up', '--port', '0', '--json'], env)
  await server.until(() => server.stdout().includes('"url"'))
  const { url } = JSON.parse(server.stdout()) as { url: string }
  const runs = async () =>
    (
      (await (await fetch(new URL('/api/runs', url))).json()) as {
        items: readonly { run: number; status: string; startedAt: string; finishedAt: string | null }[]
      }
    ).items
  while ((await runs()).filter(({ finishedAt }) => finishedAt !== null).length < 4) await delay(200)
  const [fourth, third, second] = (await runs()).map(({ startedAt }) => Date.parse(startedAt))
  // Waits of 4 s and 8 s with equal jitter, so at least 2 s and 4 s.
  assert.ok(
    (third ?? 0) - (second ?? 0) >= 2000 && (fourth ?? 0) - (third ?? 0) >= 4000,
    `Runs began at ${second}, ${third}, ${fourth}`,
  )
  const reported = server
    .stderr()
    .split('\n')
    .filter((line) => line.includes('database-disk-full'))
  assert.equal(reported.length, 1, server.stderr())
  for (let written = false; !written;) {
    // DuckDB allows no writer while a Run reads the file.
    written = await cli.table('many', all).then(
      () => true,
      () => delay(100, false),
    )
  }
  while (!(await runs()).some(({ status }) => status === 'completed')) await delay(200)
  assert.deepEqual(cli.intercom.world.members('Full', 'contact').toSorted(), all)
  server.child.kill('SIGTERM')
  assert.equal((await server.end).code, 0)
})

/** A database on a disk of a few megabytes, with its write-ahead log elsewhere; or why that is not possible here. */
async function smallDisk() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux, to mount a small disk'
  const home = await mkdtemp(join(tmpdir(), 'tailrace-disk-'))
  await chmod(home, 0o755)
  const path = await mkdtemp(join(tmpdir(), 'tailrace-small-'))
  const server = await openEmbeddedServer({ home: join(home, 'server'), settings: { fsync: 'off' } })
  let mounted = false
  after(async () => {
    await server.release()
    if (mounted) execFileSync('umount', [path])
    await rm(home, { recursive: true, force: true })
    await rm(path, { recursive: true, force: true })
  })
  const { uid, gid } = await stat(server.data)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=28m,uid=${uid},gid=${gid},mode=700`, 'tmpfs', path], {
      stdio: 'pipe',
    })
    mounted = true
  } catch (error) {
    return `needs the right to mount a disk: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`create tablespace small location '${path}'`)
  await client.query('create database small tablespace small')
  await client.end()
  const url = new URL(server.url)
  url.pathname = '/small'
  return { url: url.href, path }
}
