import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { activation, tryCli, type RunningCli } from '../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 5, tags: ['VIP'] })
const shop = join(cli.dir, 'shop.duckdb')
await cli.table('everyone', [])
await cli.config(activation('vip', { table: 'everyone', tags: '[VIP]' }))
const config = await readFile(join(cli.dir, 'tailrace.yaml'), 'utf8')
const noUrl = { DATABASE_URL: '' }
let seed: string | undefined

test('a copy of a project has a database of its own, from then on', async () => {
  const original = await project('original', 1)
  const copy = join(cli.dir, 'a copy')
  cpSync(original, copy, { recursive: true })
  await run(original)
  assert.deepEqual(await runs(copy), [1])
  await run(copy)
  await run(copy)
  assert.deepEqual(
    [await runs(original), await runs(copy)],
    [
      [2, 1],
      [3, 2, 1],
    ],
  )

  // The start order does not matter: neither stops or replaces the other.
  const up = await start(original)
  assert.deepEqual(await runs(copy), [3, 2, 1])
  const second = await start(copy)
  assert.notEqual(serverOf(original), serverOf(copy))
  await stop(second)
  await rm(copy, { recursive: true })
  assert.equal(await listed(up), 2)
  await stop(up)
  assert.ok(!isAlive(serverOf(original)))
})

for (const [how, make] of Object.entries<(from: string, to: string) => void>({
  'cp -r': (from, to) => sh('cp', '-r', from, to),
  'cp -a': (from, to) => sh('cp', '-a', from, to),
  tar: (from, to) =>
    sh(
      'sh',
      '-c',
      'mkdir "$2" && tar -C "$1" -cf - . | tar -C "$2" --no-same-owner --no-same-permissions -xf -',
      'sh',
      from,
      to,
    ),
  'a copy that loses modes': (from, to) => sh('cp', '-r', '--no-preserve=mode,ownership', from, to),
})) {
  test(`a copy by ${how}, of a project whose server runs, is refused and nothing of it is touched; made again afterwards it is used`, async (t) => {
    if (process.platform !== 'linux') return t.skip('needs GNU cp')
    const original = await project(`busy ${how}`, 1)
    const copy = join(cli.dir, `copy of busy ${how}`)
    const up = await start(original)
    make(original, copy)
    for (let time = 1; time <= 2; time++) {
      const { code, stderr } = await cli.tailrace(['--config', join(copy, 'tailrace.yaml'), 'runs'], noUrl)
      assert.notEqual(code, 0)
      assert.match(stderr, /embedded-copy-torn/)
      assert.ok(stderr.includes(original), stderr)
      assert.match(stderr, /Stop Tailrace in the original project/)
    }
    assert.equal(await listed(up), 1)
    // Another copy at the same path, after the first was deleted.
    await stop(up)
    await rm(copy, { recursive: true })
    make(original, copy)
    await run(copy)
    assert.deepEqual([await runs(original), await runs(copy)], [[1], [2, 1]])
  })
}

test('a copy of a project that was killed is refused until somebody says that nothing ran', async () => {
  const original = await project('killed', 1)
  const up = await start(original)
  process.kill(serverOf(original), 'SIGKILL')
  up.child.kill('SIGKILL')
  await up.end
  const copy = join(cli.dir, 'copy of killed')
  cpSync(original, copy, { recursive: true })
  const { stderr } = await cli.tailrace(['--config', join(copy, 'tailrace.yaml'), 'runs'], noUrl)
  const [, file = ''] = /delete (\S.*tailrace\.json)/.exec(stderr.slice(stderr.indexOf('Only if'))) ?? []
  assert.ok(file.startsWith(copy), stderr)
  await rm(file)
  assert.deepEqual(await runs(copy), [1])
  // The original still recovers.
  assert.deepEqual(await runs(original), [1])
})

test('a renamed, moved or linked project keeps its data', async () => {
  const first = await project('first name', 1)
  const second = join(cli.dir, 'second name')
  await rename(first, second)
  assert.deepEqual(await runs(second), [1])
  const deeper = join(cli.dir, 'deeper')
  await mkdir(deeper, { mode: 0o700 })
  const third = join(deeper, 'third')
  await rename(second, third)
  await run(third)
  const link = join(cli.dir, 'a link')
  await symlink(third, link)
  const up = await start(third)
  await run(link)
  assert.deepEqual(await runs(link), [3, 2, 1])
  assert.equal(await listed(up), 3)
  await stop(up)
  assert.deepEqual(await runs(link), [3, 2, 1])
})

test('a project that is renamed while its server runs goes on, and a new one in its old place is another', async () => {
  const before = await project('before', 1)
  const after = join(cli.dir, 'after')
  const up = await start(before)
  await rename(before, after)
  const server = serverOf(after)
  await run(after)
  assert.equal(await listed(up), 2)
  await project('before', 3)
  assert.deepEqual(
    [await runs(before), await runs(after)],
    [
      [3, 2, 1],
      [2, 1],
    ],
  )
  const other = await start(before)
  await stop(up)
  assert.ok(!isAlive(server))
  assert.equal(await listed(other), 3)
  await stop(other)
})

test('a project whose folder is deleted while its server runs leaves nothing behind', async () => {
  const folder = await project('deleted', 1)
  const up = await start(folder)
  const server = serverOf(folder)
  await rm(folder, { recursive: true })
  up.child.kill('SIGTERM')
  await up.end
  assert.ok(!isAlive(server))
})

test('a backup that is restored in the same place, or over what came after, is used', async () => {
  const folder = await project('backed up', 1)
  const backup = join(cli.dir, 'backup.tar')
  sh('tar', '-C', folder, '-cf', backup, '.')
  await run(folder)
  await rm(folder, { recursive: true })
  await mkdir(folder)
  sh('tar', '-C', folder, '-xf', backup)
  assert.deepEqual(await runs(folder), [1])
  await rm(join(folder, '.tailrace', 'postgres'), { recursive: true })
  sh('tar', '-C', folder, '-xf', backup, './.tailrace/postgres')
  assert.deepEqual(await runs(folder), [1])
  await rm(join(folder, '.tailrace', 'postgres'), { recursive: true })
  const { stderr } = await cli.tailrace(['--config', join(folder, 'tailrace.yaml'), 'runs'], noUrl)
  assert.match(stderr, /embedded-data-gone/)
})

test('an absolute name of the data never leads into another project', async () => {
  const original = await project('named', 1)
  const copy = join(cli.dir, 'copy of named')
  cpSync(original, copy, { recursive: true })
  const state = join(copy, '.tailrace', 'postgres.json')
  await writeFile(state, JSON.stringify({ data: join(original, '.tailrace', 'postgres'), initialised: true }))
  await run(copy)
  assert.deepEqual([await runs(original), await runs(copy)], [[1], [2, 1]])
  await rm(join(copy, '.tailrace', 'postgres'), { recursive: true })
  await writeFile(state, JSON.stringify({ data: join(original, '.tailrace', 'postgres'), initialised: true }))
  const { stderr } = await cli.tailrace(['--config', join(copy, 'tailrace.yaml'), 'runs'], noUrl)
  assert.match(stderr, /embedded-data-gone/)
})

test('data that somebody put elsewhere belong to one project: a copy of it is told so, running or not', async () => {
  const elsewhere = join(cli.dir, 'big disk')
  const original = await project('elsewhere', 1)
  await rename(join(original, '.tailrace', 'postgres'), elsewhere)
  await symlink(elsewhere, join(original, '.tailrace', 'postgres'))
  const copy = join(cli.dir, 'copy of elsewhere')
  await run(original)
  cpSync(original, copy, { recursive: true, verbatimSymlinks: true })
  const rejected = async () => {
    const { code, stderr } = await cli.tailrace(['--config', join(copy, 'tailrace.yaml'), 'runs'], noUrl)
    assert.notEqual(code, 0)
    assert.match(stderr, /embedded-data-foreign/)
    assert.ok(stderr.includes(original), stderr)
  }
  await rejected()
  const up = await start(original)
  await rejected()
  assert.equal(await listed(up), 2)
  await stop(up)
  const moved = join(cli.dir, 'elsewhere, moved')
  await rename(original, moved)
  assert.deepEqual(await runs(moved), [2, 1])
})

test('a copy by hard links is refused: it would change the original', async (t) => {
  if (process.platform !== 'linux') return t.skip('needs GNU cp')
  const original = await project('linked', 1)
  const copy = join(cli.dir, 'hard links')
  sh('cp', '-al', original, copy)
  const { stderr } = await cli.tailrace(['--config', join(copy, 'tailrace.yaml'), 'runs'], noUrl)
  assert.match(stderr, /embedded-copy-linked/)
  assert.deepEqual(await runs(original), [1])
})

/**
 * A folder with tailrace.yaml and `count` Runs. The first is new; the others are renamed copies, which become separate
 * projects on first use (tested above). Copies are used because creating a database is the slowest part of these tests.
 */
async function project(name: string, count: number): Promise<string> {
  const folder = join(cli.dir, name)
  if (seed === undefined) {
    seed = join(cli.dir, 'seed')
    await mkdir(folder)
    await writeFile(join(folder, 'tailrace.yaml'), config.replace('./shop.duckdb', shop))
    assert.deepEqual(await runs(folder), [])
    cpSync(folder, seed, { recursive: true })
  } else cpSync(seed, folder, { recursive: true })
  for (let i = 0; i < count; i++) await run(folder)
  return await realpath(folder)
}

async function run(folder: string): Promise<void> {
  const { code, stderr } = await cli.tailrace(['--config', join(folder, 'tailrace.yaml'), 'run', 'vip'], noUrl)
  assert.equal(code, 0, stderr)
}

async function runs(folder: string): Promise<number[]> {
  const { code, stderr, json } = await cli.tailrace(
    ['--config', join(folder, 'tailrace.yaml'), 'runs', '--json'],
    noUrl,
  )
  assert.equal(code, 0, stderr)
  return (json().runs as { run: number }[]).map((each) => each.run)
}

async function start(folder: string): Promise<RunningCli> {
  const up = cli.start(['--config', join(folder, 'tailrace.yaml'), 'up', '--port', '0', '--no-worker', '--json'], noUrl)
  await up.until(() => up.stdout().includes('"url"'))
  return up
}

/** The number of Runs that a server lists. */
async function listed(up: RunningCli): Promise<number> {
  const { url } = JSON.parse(up.stdout()) as { url: string }
  const reply = await fetch(new URL('/api/runs', url))
  assert.equal(reply.status, 200)
  return ((await reply.json()) as { items: unknown[] }).items.length
}

async function stop(up: RunningCli): Promise<void> {
  up.child.kill('SIGTERM')
  const { code, stderr } = await up.end
  assert.equal(code, 0, stderr)
}

function serverOf(folder: string): number {
  return (JSON.parse(readFileSync(join(folder, '.tailrace', 'postgres.json'), 'utf8')) as { pid: number }).pid
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

function sh(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}
