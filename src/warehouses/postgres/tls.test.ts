import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { Fault } from '../../connect/index.ts'
import { openEmbeddedServer } from '../../store/embedded/embedded-server.ts'
import { warehouse } from './index.ts'

const openssl = async (...args: string[]) => await promisify(execFile)('openssl', args)
const silent = { debug() {}, info() {}, warn() {} }

/** Puts a self-signed certificate for 127.0.0.1 into a running server, and turns TLS on. */
async function turnTlsOn(url: string, data: string, directory: string): Promise<void> {
  const { uid, gid } = await stat(data)
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=kit', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem'))
  for (const [from, to] of [['key.pem', 'server.key'], ['cert.pem', 'server.crt']] as const) {
    await writeFile(join(data, to), await readFile(join(directory, from)), { mode: 0o600 })
    await chown(join(data, to), uid, gid)
  }
  const client = new pg.Client(url)
  await client.connect()
  await client.query('alter system set ssl = on')
  await client.query('select pg_reload_conf()')
  await client.end()
}

test('TLS: encrypts, and with verify-full asks whose certificate it is', async t => {
  try {
    await openssl('version')
  } catch {
    return t.skip('openssl, to make a certificate with, is missing')
  }
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-tls-'))
  // Root's server runs as somebody else, who must reach its data in here.
  await chmod(directory, 0o711)
  const server = await openEmbeddedServer({ home: join(directory, 'home'), settings: { fsync: 'off' } })
  t.after(async () => {
    await server.release()
    await rm(directory, { recursive: true })
  })
  await turnTlsOn(server.url, server.data, directory)
  const url = new URL(server.url)
  const config = { host: '127.0.0.1', port: url.port, database: 'postgres', user: url.username, password: url.password }
  const encrypted = async (more: object) => {
    const session = await warehouse.open(warehouse.config.parse({ ...config, ...more }), { baseDir: directory, log: silent })
    const pages = session.read('select ssl::text as ssl from pg_stat_ssl where pid = pg_backend_pid()', { columns: ['ssl'], pageSize: 1, signal: t.signal })
    for await (const [row] of pages) return row?.[0]
    return undefined
  }
  const fault = async (more: object) => {
    const thrown: unknown = await encrypted(more).catch((error: unknown) => error)
    assert.ok(Fault.is(thrown), String(thrown))
    return [thrown.kind, thrown.code]
  }
  // The server takes the new settings within moments of the reload.
  while ((await encrypted({ ssl: 'require' }).catch(() => undefined)) !== 'true') t.signal.throwIfAborted()

  assert.equal(await encrypted({ ssl: 'disable' }), 'false')
  assert.deepEqual(await fault({ ssl: 'verify-full' }), ['auth', 'tls-certificate'])
  assert.equal(await encrypted({ ssl: 'verify-full', sslRootCert: 'cert.pem' }), 'true')
  // The certificate is for the address, not for this name of it.
  assert.deepEqual(await fault({ ssl: 'verify-full', sslRootCert: 'cert.pem', host: 'localhost' }), ['auth', 'tls-certificate'])
  assert.deepEqual(await fault({ ssl: 'require', password: 'wrong' }), ['auth', 'bad-credentials'])
})
