import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const all = Array.from({ length: 300 }, (_, i) => contactId(i + 1))
const cli = await tryCli({ contacts: 300, limit: 100_000, tags: ['Away', 'Silent'] })
const url = new URL(cli.pool.options.connectionString ?? '')
const line = await openLine(Number(url.port), url.hostname)
url.hostname = '127.0.0.1'
url.port = String(line.port)
await cli.table('everyone', all)
await cli.config(
  ['Away', 'Silent']
    .map((tag) => activation(tag.toLowerCase(), { table: 'everyone', tags: `[${tag}]`, delivery: 'single' }))
    .join(''),
)

for (const [tag, lose] of [
  ['Away', line.cut],
  ['Silent', line.fallSilent],
] as const) {
  test(`the control database goes away in the midst of a Run and comes back: it is told, and all is delivered (${tag})`, async () => {
    cli.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 30 } })
    cli.intercom.requests.clear()
    const server = cli.start(['up', '--port', '0', '--json'], { DATABASE_URL: url.href })
    await server.until(() => server.stdout().includes('"url"'))
    const { url: base } = JSON.parse(server.stdout()) as { url: string }
    const call = async (path: string, method = 'GET') => {
      const reply = await fetch(new URL(path, base), {
        method,
        ...(method === 'POST' && { body: '{}', headers: { 'content-type': 'application/json' } }),
      })
      // oxlint-disable-next-line typescript/no-explicit-any -- each call knows what it asked for
      return { status: reply.status, body: (await reply.json()) as any }
    }
    await call(`/api/activations/${tag.toLowerCase()}/runs`, 'POST')
    const members = () => cli.intercom.world.members(tag, 'contact')
    await server.until(() => members().length >= 30)
    const { run } = (await call('/api/runs')).body.items[0]
    lose()
    const away = await call('/api/status')
    assert.deepEqual([away.status, away.body.code], [503, 'database-unavailable'])
    line.repair()

    const isEnded = async (): Promise<boolean> => {
      const { status, body } = await call('/api/runs')
      return (
        status === 200 &&
        body.items[0].activation === tag.toLowerCase() &&
        body.items[0].run !== run &&
        body.items[0].finishedAt !== null
      )
    }
    while (!(await isEnded())) await delay(50)
    const { body: lost } = await call(`/api/runs/${run}`)
    assert.ok(['failed', 'interrupted'].includes(lost.status), lost.status)
    assert.equal(lost.fault.kind, 'transient', JSON.stringify(lost.fault))
    assert.deepEqual(members().toSorted(), all)
    const writes = cli.intercom.requests
      .latest()
      .filter(
        ({ method, path, status }) => method === 'POST' && status > 0 && /^\/contacts\/[^/]+\/tags$/.test(path),
      ).length
    // Attach is idempotent, so marked batches that were not settled are sent again instead of read.
    assert.ok(writes <= all.length + 100, `${writes} writes`)
    cli.intercom.faults.clear()
    server.child.kill('SIGTERM')
    const { code, stderr } = await server.end
    assert.equal(code, 0, stderr)
    assert.ok(!stderr.includes(url.password), 'the password is in the log')
  })
}

/** A proxy to the database that can close its connections, or stop forwarding as if a machine had failed. */
async function openLine(to: number, host: string) {
  let state: 'up' | 'cut' | 'silent' = 'up'
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy()
    const far = connect(to, host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket
        .on('error', () => {
          /* it is cut */
        })
        .on('close', () => void sockets.delete(socket))
    }
    const pass = (from: Socket, into: Socket) =>
      from
        .on('data', (data) => state === 'up' && into.write(data))
        .on('close', () => state !== 'silent' && into.destroy())
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  after(() => {
    cutAll()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      state = 'cut'
      cutAll()
    },
    fallSilent: () => {
      state = 'silent'
    },
    /** Closes silent connections, and accepts new ones again. */
    repair: () => {
      cutAll()
      state = 'up'
    },
  }
}
