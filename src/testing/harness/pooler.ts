import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Starts PgBouncer in front of the database of this URL. Returns the URL that goes through it. `settings` are lines of
 * pgbouncer.ini.
 */
export async function startPooler(
  t: TestContext,
  url: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<string> {
  const to = new URL(url)
  const port = await freePort()
  const dir = await mkdtemp(join(tmpdir(), 'tailrace-pgbouncer-'))
  await chmod(dir, 0o755)
  const lines = Object.entries({
    listen_addr: '127.0.0.1',
    listen_port: port,
    auth_type: 'any',
    unix_socket_dir: '',
    logfile: '',
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`)
  const file = join(dir, 'pgbouncer.ini')
  await writeFile(
    file,
    `[databases]
pooled = host=${to.hostname} port=${to.port} dbname=${to.pathname.slice(1)} user=${to.username} password=${decodeURIComponent(to.password)}
[pgbouncer]
${lines.join('\n')}
`,
    { mode: 0o644 },
  )
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('pgbouncer', [...asRoot, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  t.after(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    await rm(dir, { recursive: true, force: true })
  })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended too early: ${said}`)
    await delay(20)
  }
  return `postgres://${to.username}@127.0.0.1:${port}/pooled`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
