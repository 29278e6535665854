import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface PgBouncer {
  readonly port: number
  stop(): Promise<void>
}

/**
 * Starts PgBouncer in front of a local PostgreSQL, on a free port; undefined if it is not installed (Debian:
 * pgbouncer).
 */
export async function startPgBouncer(
  server: URL,
  poolMode: 'session' | 'transaction' | 'statement',
): Promise<PgBouncer | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-pgbouncer-'))
  // PgBouncer does not run as root. The user that it runs as must be able to read its files.
  await chmod(directory, 0o755)
  const port = await freePort()
  await writeFile(join(directory, 'users.txt'), `"${server.username}" "${decodeURIComponent(server.password)}"\n`)
  await writeFile(
    join(directory, 'pgbouncer.ini'),
    `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(directory, 'users.txt')}
pool_mode = ${poolMode}
default_pool_size = 4
server_tls_sslmode = disable
${process.getuid?.() === 0 ? 'user = nobody\n' : ''}`,
  )
  const child = spawn('pgbouncer', [join(directory, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: `${process.env['PATH']}:/usr/sbin` },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const isMissing = await Promise.race([once(child, 'error').then(() => true), once(child, 'spawn').then(() => false)])
  const stop = async () => {
    if (!isMissing && child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(directory, { recursive: true, force: true })
  }
  if (isMissing) {
    await stop()
    return undefined
  }
  while (!/process up/.test(said)) {
    if (child.exitCode !== null) throw new Error(`pgbouncer did not start:\n${said}`)
    await delay(20)
  }
  return { port, stop }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
