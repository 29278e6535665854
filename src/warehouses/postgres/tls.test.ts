import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { Fault } from '../../connect/index.ts'
import { eventually } from '../../testing/warehouse-kit/warehouse-under-test.ts'
import { openEmbeddedServer } from '../../embedded-postgres/embedded-server.ts'
import { warehouse } from './index.ts'

const openssl = async (...args: string[]) => await promisify(execFile)('openssl', args)
const silent = { debug() {}, info() {}, warn() {} }

/** Installs a self-signed certificate for 127.0.0.1 in a running server, and turns TLS on. */
async function turnTlsOn(url: string, data: string, directory: string): Promise<void> {
  const { uid, gid } = await stat(data)
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=kit',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-keyout',
    join(directory, 'key.pem'),
    '-out',
    join(directory, 'cert.pem'),
  )
  // A client certificate whose name is the role, and a certificate of an unrelated authority.
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=certified',
    '-keyout',
    join(directory, 'client-key.pem'),
    '-out',
    join(directory, 'client.pem'),
  )
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=stranger',
    '-keyout',
    join(directory, 'stranger-key.pem'),
    '-out',
    join(directory, 'stranger.pem'),
  )
  const rules = await readFile(join(data, 'pg_hba.conf'), 'utf8')
  await writeFile(join(data, 'pg_hba.conf'), `hostssl all certified all cert\n${rules}`)
  for (const [from, to] of [
    ['key.pem', 'server.key'],
    ['cert.pem', 'server.crt'],
    ['client.pem', 'clients.crt'],
  ] as const) {
    await writeFile(join(data, to), await readFile(join(directory, from)), { mode: 0o600 })
    await chown(join(data, to), uid, gid)
  }
  const client = new pg.Client(url)
  await client.connect()
  await client.query('create role certified login')
  await client.query(`alter system set ssl_ca_file = 'clients.crt'`)
  await client.query('alter system set ssl = on')
  await client.query('select pg_reload_conf()')
  await client.end()
}

test('TLS: encrypts, and with verify-full asks whose certificate it is', async (t) => {
  try {
    await openssl('version')
  } catch {
    return t.skip('openssl, to make a certificate with, is missing')
  }
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-tls-'))
  // If the test runs as root, the server runs as another user, who must be able to enter this folder.
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
    const session = await warehouse.open(warehouse.config.parse({ ...config, ...more }), {
      baseDir: directory,
      log: silent,
    })
    const pages = session.read('select ssl::text as ssl from pg_stat_ssl where pid = pg_backend_pid()', {
      columns: ['ssl'],
      pageSize: 1,
      signal: t.signal,
    })
    for await (const [row] of pages) return row?.[0]
    return undefined
  }
  const fault = async (more: object) => {
    const thrown: unknown = await encrypted(more).catch((error: unknown) => error)
    assert.ok(Fault.is(thrown), String(thrown))
    return [thrown.kind, thrown.code]
  }
  // The server applies the new settings shortly after the reload.
  while ((await encrypted({ ssl: 'require' }).catch(() => undefined)) !== 'true') t.signal.throwIfAborted()

  assert.equal(await encrypted({ ssl: 'disable' }), 'false')
  assert.deepEqual(await fault({ ssl: 'verify-full' }), ['auth', 'tls-certificate'])
  assert.equal(await encrypted({ ssl: 'verify-full', sslRootCert: 'cert.pem' }), 'true')
  // The certificate is for the IP address, not for the name localhost.
  assert.deepEqual(await fault({ ssl: 'verify-full', sslRootCert: 'cert.pem', host: 'localhost' }), [
    'auth',
    'tls-certificate',
  ])
  assert.equal(
    await encrypted({ ssl: 'verify-full', tls: { ca: 'cert.pem', serverName: '127.0.0.1' }, host: 'localhost' }),
    'true',
  )
  assert.deepEqual(await fault({ tls: { ca: 'cert.pem', serverName: 'elsewhere' } }), ['auth', 'tls-certificate'])

  // verify-ca checks the authority but not the host name. An authority in the config is always checked.
  const byUrl = (parameters: string) => ({
    host: undefined,
    port: undefined,
    database: undefined,
    user: undefined,
    password: undefined,
    url: `postgres://${url.username}:${url.password}@localhost:${url.port}/postgres?${parameters}`,
  })
  for (const trusting of [
    { ssl: 'verify-ca', tls: { ca: 'cert.pem' }, host: 'localhost' },
    { ssl: 'require', sslRootCert: 'cert.pem', host: 'localhost' },
    byUrl('sslmode=verify-ca&sslrootcert=cert.pem'),
    byUrl('sslmode=require&sslrootcert=cert.pem'),
  ]) {
    assert.equal(await encrypted(trusting), 'true', JSON.stringify(trusting))
  }
  assert.deepEqual(await fault(byUrl('sslmode=verify-full&sslrootcert=cert.pem')), ['auth', 'tls-certificate'])
  for (const strange of [
    { ssl: 'verify-ca', tls: { ca: 'stranger.pem' } },
    { ssl: 'require', tls: { ca: 'file:./stranger.pem' } },
    { ssl: 'verify-ca' },
  ]) {
    assert.deepEqual(await fault(strange), ['auth', 'tls-certificate'], JSON.stringify(strange))
  }

  // A client certificate instead of a password: as files, or as PEM text.
  const certified = { user: 'certified', password: undefined, ssl: 'verify-full' }
  const [ca, cert, key] = await Promise.all(
    ['cert.pem', 'client.pem', 'client-key.pem'].map((name) => readFile(join(directory, name), 'utf8')),
  )
  assert.equal(
    await encrypted({ ...certified, tls: { ca: 'cert.pem', cert: 'client.pem', key: 'file:client-key.pem' } }),
    'true',
  )
  assert.equal(await encrypted({ ...certified, tls: { ca, cert, key } }), 'true')
  assert.equal(
    await encrypted({
      ...byUrl(''),
      ssl: undefined,
      url: `postgres://certified@127.0.0.1:${url.port}/postgres?sslmode=verify-full&sslrootcert=cert.pem&sslcert=client.pem&sslkey=client-key.pem`,
    }),
    'true',
  )
  assert.deepEqual(await fault({ ...certified, tls: { ca: 'cert.pem' } }), ['auth', 'access-denied'])
  assert.deepEqual(
    await fault({ ...certified, tls: { ca: 'cert.pem', cert: 'stranger.pem', key: 'stranger-key.pem' } }),
    ['auth', 'tls-failed'],
  )
  const missing: unknown = await encrypted({
    ...certified,
    tls: { ca: 'cert.pem', cert: 'client.pem', key: 'canary-key.pem' },
  }).catch((error: unknown) => error)
  assert.ok(
    Fault.is(missing) && missing.code === 'certificate-not-found' && !missing.message.includes('canary'),
    String(missing),
  )

  // Over TLS, an abort also cancels the query in the server.
  const session = await warehouse.open(warehouse.config.parse({ ...config, ssl: 'require' }), {
    baseDir: directory,
    log: silent,
  })
  const stop = new AbortController()
  const stuck = session
    .read('select pg_sleep(3600)::text as a', { columns: ['a'], pageSize: 1, signal: stop.signal })
    [Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error)
  const admin = new pg.Client(server.url)
  await admin.connect()
  // If the test fails, the server stops before this client closes.
  admin.on('error', () => undefined)
  const sleeping = async () =>
    (await admin.query(`select 1 from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`)).rowCount !==
    0
  await eventually('it sleeps', sleeping)
  stop.abort()
  assert.ok(Fault.is(await stuck))
  await eventually('it has ended', async () => !(await sleeping()))
  await admin.end()

  assert.deepEqual(await fault({ ssl: 'require', password: 'wrong' }), ['auth', 'bad-credentials'])
})
