import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { startTestProxy } from '../testing/failures/test-proxy.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const cli = await tryCli({ contacts: 5, limit: 100_000, tags: ['Proxied'] })
const password = 'canary-proxy-4417'
const proxy = await startTestProxy({ login: `someone:${password}` })
after(() => proxy.close())
await cli.table('everyone', [contactId(1), contactId(2)])
await cli.config(activation('proxied', { table: 'everyone', tags: '[Proxied]' }))
const withLogin = proxy.url.replace('http://', `http://someone:${password}@`)

test('check says which proxy is used, and a Run goes through it', async () => {
  const checked = await cli.tailrace(['check'], { HTTP_PROXY: withLogin })
  assert.equal(checked.code, 0, checked.stdout + checked.stderr)
  assert.ok(checked.stdout.includes(`through the proxy ${proxy.url} (HTTP_PROXY)`), checked.stdout)
  const before = proxy.passed.length
  assert.ok(before > 0)
  const run = await cli.tailrace(['run', 'proxied', '--json'], { http_proxy: withLogin, TAILRACE_LOG: 'debug' })
  assert.deepEqual([run.code, run.json().counts.delivered], [0, 2], run.stderr)
  assert.ok(proxy.passed.length > before)
  for (const { stdout, stderr } of [checked, run]) assert.ok(!`${stdout}${stderr}`.includes(password))
})

test('NO_PROXY and no variable at all: the Target is called by itself', async () => {
  const before = proxy.passed.length
  for (const env of [{}, { HTTP_PROXY: withLogin, NO_PROXY: '127.0.0.1' }, { HTTPS_PROXY: withLogin }]) {
    const checked = await cli.tailrace(['check'], env)
    assert.deepEqual([checked.code, checked.stdout.includes('proxy')], [0, false], checked.stdout)
  }
  assert.equal(proxy.passed.length, before)
})

test('wrong credentials and an unusable address are told without showing them', async () => {
  for (const [address, code] of [
    [withLogin.replace(password, 'wrong-canary'), 'proxy-refused'],
    [`socks5://x:wrong-canary@127.0.0.1:1`, 'bad-proxy'],
  ] as const) {
    const checked = await cli.tailrace(['check'], { HTTP_PROXY: address, TAILRACE_LOG: 'debug' })
    assert.notEqual(checked.code, 0)
    assert.ok(checked.stdout.includes(`[${code}]`), checked.stdout)
    assert.ok(!`${checked.stdout}${checked.stderr}`.includes('wrong-canary'), checked.stdout + checked.stderr)
  }
})

test('what needs no outside Target needs no proxy', async () => {
  const demo = await cli.tailrace(['--json', 'demo', '--once'], {
    HTTP_PROXY: 'http://127.0.0.1:1',
    HTTPS_PROXY: 'http://127.0.0.1:1',
  })
  assert.equal(demo.code, 0, demo.stderr)
})
