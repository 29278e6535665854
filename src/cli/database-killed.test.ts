import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli, type RunningCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 200 }, (_, i) => contactId(i + 1))
const cli = await tryCli({
  contacts: 200,
  limit: 100_000,
  tags: ['SIGKILL', 'SIGQUIT', 'SIGINT', 'Shared', 'Port', 'Gone'],
})
await cli.table('everyone', all)
await cli.config('')
const config = await readFile(join(cli.dir, 'tailrace.yaml'), 'utf8')

for (const signal of ['SIGKILL', 'SIGQUIT', 'SIGINT'] as const) {
  test(`the embedded database ends by ${signal} in the midst of a Run: it is started again, and the Run goes on to its end`, async () => {
    const { folder, up, call, standing } = await serve(signal)
    cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 30 } })
    await call(`/api/activations/${signal.toLowerCase()}/runs`, 'POST')
    const members = () => cli.intercom.world.members(signal, 'contact')
    await up.until(() => members().length >= 20)
    const dead = serverOf(folder)
    process.kill(dead, signal)
    await settled(call, standing, () => members().length === all.length)
    assert.deepEqual(members().toSorted(), all)
    assert.notEqual(serverOf(folder), dead)
    cli.intercom.faults.clear()
    await stop(up)
    assert.ok(!isAlive(serverOf(folder)))
    assert.match(up.stderr(), /embedded database/)
  })
}

test('of the processes that share it one starts it again, and all go on', async () => {
  const { folder, up, call, standing } = await serve('Shared', '--no-worker')
  const workers = [1, 2].map(() =>
    cli.start(['--config', join(folder, 'tailrace.yaml'), 'worker', '--json'], { DATABASE_URL: '' }),
  )
  for (const worker of workers) await worker.until(() => worker.stdout().includes('"worker"'))
  for (let time = 1; time <= 2; time++) {
    const dead = serverOf(folder)
    process.kill(dead, 'SIGKILL')
    await up.until(() => serverOf(folder) !== dead)
    while ((await call('/api/runs')).status !== 200) await delay(20)
  }
  // A session that the server has just forked is called as the server itself, until it gives itself a name.
  await up.until(() => servers(folder).length === 1)
  await call('/api/activations/shared/runs', 'POST')
  await settled(call, standing, () => cli.intercom.world.members('Shared', 'contact').length === all.length)
  // A command in parallel uses the same database server.
  const { code, json } = await cli.tailrace(['--config', join(folder, 'tailrace.yaml'), 'runs', '--json'], {
    DATABASE_URL: '',
  })
  assert.deepEqual([code, json().runs.length > 0], [0, true])
  await stop(up)
  await workers[0]?.until(() => servers(folder).length === 1)
  for (const worker of workers) await stop(worker)
  assert.equal(servers(folder).length, 0)
})

test('it comes back on another port where its own was taken meanwhile', async () => {
  const { folder, up, call, standing } = await serve('Port')
  const port = portOf(folder)
  const dead = serverOf(folder)
  // The port is free only when the process is dead, so freeze it, kill it, and take the port before its restart.
  process.kill(dead, 'SIGSTOP')
  execFileSync('sh', ['-c', `kill -9 ${dead}`])
  const other = createServer((socket) => socket.destroy())
  const isTaken = await new Promise<boolean>((resolve) =>
    other
      .once('listening', () => resolve(true))
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1'),
  )
  await up.until(() => serverOf(folder) !== dead)
  while ((await call('/api/runs')).status !== 200) await delay(20)
  if (isTaken) assert.notEqual(portOf(folder), port)
  await call('/api/activations/port/runs', 'POST')
  await settled(call, standing, () => cli.intercom.world.members('Port', 'contact').length === all.length)
  await stop(up)
  if (isTaken) {
    other.close()
  }
})

test('while it cannot start, requests are answered 503 with words and the log says why; once it can it is up again', async () => {
  const { folder, up, call } = await serve('Gone')
  const data = join(folder, '.tailrace', 'postgres')
  const dead = serverOf(folder)
  await rename(data, `${data} away`)
  process.kill(dead, 'SIGKILL')
  await up.until(() => /"code":"embedded-data-gone"/.test(up.stderr()))
  const { status, body } = await call('/api/runs')
  assert.deepEqual([status, body.code], [503, 'database-unavailable'])
  assert.match(body.detail, /control database/)
  await rename(`${data} away`, data)
  await up.until(() => serverOf(folder) !== dead)
  while ((await call('/api/runs')).status !== 200) await delay(20)
  await stop(up)
})

async function serve(tag: string, ...more: string[]) {
  const folder = join(cli.dir, tag)
  await mkdir(folder)
  const name = tag.toLowerCase()
  await writeFile(
    join(folder, 'tailrace.yaml'),
    config.replace('./shop.duckdb', join(cli.dir, 'shop.duckdb')) +
      activation(name, { table: 'everyone', tags: `[${tag}]`, delivery: 'single' }),
  )
  const up = cli.start(['--config', join(folder, 'tailrace.yaml'), 'up', '--port', '0', '--json', ...more], {
    DATABASE_URL: '',
  })
  await up.until(() => up.stdout().includes('"url"'))
  const { url } = JSON.parse(up.stdout()) as { url: string }
  const call = async (path: string, method = 'GET') => {
    const reply = await fetch(new URL(path, url), {
      method,
      ...(method === 'POST' && { body: '{}', headers: { 'content-type': 'application/json' } }),
    })
    // oxlint-disable-next-line typescript/no-explicit-any -- each call knows what it asked for
    return { status: reply.status, body: (await reply.json()) as any }
  }
  const standing = async (): Promise<string> => {
    const { status, body } = await call(`/api/activations/${name}`)
    return status === 200 ? (body.state as string) : 'unknown'
  }
  return { folder, up, call, standing }
}

/** Waits until `holds` is true and no Run is active. */
async function settled(
  call: (path: string) => Promise<{ status: number; body: { items: { finishedAt: string | null }[] } }>,
  standing: () => Promise<string>,
  holds: () => boolean,
): Promise<void> {
  for (;;) {
    const { status, body } = await call('/api/runs')
    if (
      holds() &&
      status === 200 &&
      body.items.length > 0 &&
      body.items.every(({ finishedAt }) => finishedAt !== null) &&
      (await standing()) !== 'running'
    )
      return
    await delay(50)
  }
}

async function stop(up: RunningCli): Promise<void> {
  up.child.kill('SIGTERM')
  const { code, stderr } = await up.end
  assert.equal(code, 0, stderr)
}

function stateOf(folder: string): { readonly pid: number; readonly port: number } {
  return JSON.parse(readFileSync(join(folder, '.tailrace', 'postgres.json'), 'utf8')) as { pid: number; port: number }
}

function serverOf(folder: string): number {
  return stateOf(folder).pid
}

function portOf(folder: string): number {
  return stateOf(folder).port
}

/** The PostgreSQL processes that use the data of this folder. */
function servers(folder: string): string[] {
  return execFileSync('ps', ['-eww', '-o', 'pid=,command='])
    .toString()
    .split('\n')
    .filter((line) => line.includes(`tailrace.data=${folder}/`))
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}
