import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyRoute, type ProxyVariables } from './proxy-route.ts'

const via = (origin: string, env: ProxyVariables): string | undefined => proxyRoute(origin, env)?.label
const secure = 'https://api.intercom.io'

test('each scheme has its variable; lower case goes first, and empty ones count as not set', () => {
  assert.equal(via(secure, {}), undefined)
  assert.equal(via(secure, { HTTPS_PROXY: 'http://p:3128' }), 'http://p:3128')
  assert.equal(via(secure, { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:1' }), 'http://low:1')
  assert.equal(via(secure, { https_proxy: ' ', HTTPS_PROXY: 'http://up:1' }), 'http://up:1')
  assert.equal(via(secure, { HTTP_PROXY: 'http://p:3128' }), undefined)
  assert.equal(via('http://a.example', { http_proxy: 'http://p:3128', HTTPS_PROXY: 'http://other:1' }), 'http://p:3128')
  assert.equal(
    via('http://127.0.0.1:4000', { HTTP_PROXY: 'http://p:3128' }),
    'http://p:3128',
    'this machine is no exception of itself',
  )
  assert.equal(via(secure, { HTTPS_PROXY: 'proxy.example:3128' }), 'http://proxy.example:3128')
  assert.equal(via(secure, { HTTPS_PROXY: 'https://proxy.example' }), 'https://proxy.example')
})

const excepted: readonly (readonly [string, string, boolean])[] = [
  [secure, '*', true],
  [secure, 'intercom.io', true],
  [secure, '.intercom.io', true],
  [secure, '*.intercom.io', true],
  [secure, 'API.INTERCOM.IO', true],
  [secure, 'tercom.io', false],
  [secure, 'api.intercom.io:443', true],
  [secure, 'api.intercom.io:8443', false],
  [secure, 'localhost, intercom.io', true],
  [secure, 'localhost intercom.io', true],
  [secure, ',,', false],
  [secure, 'io.example', false],
  ['http://intercom.io', '.intercom.io', true],
  ['http://intercom.io:8080', 'intercom.io:80', false],
  ['http://a.example.', 'a.example', true],
  ['http://127.0.0.1:4000', '127.0.0.1', true],
  ['http://127.0.0.1:4000', '127.0.0.1:4000', true],
  ['http://127.0.0.1:4000', '127.0.0.1:4001', false],
  ['http://127.0.0.1:4000', '127.0.0.0/8', true],
  ['http://128.0.0.1', '127.0.0.0/8', false],
  ['http://10.1.2.3', '10.0.0.0/33', false],
  ['http://127.0.0.1:4000', 'localhost', false],
  ['http://localhost:4000', 'localhost', true],
  ['http://localhost:4000', '127.0.0.1', false],
  ['http://[::1]:4000', '::1', true],
  ['http://[::1]:4000', '[::1]:4000', true],
  ['http://[fd00::5]', 'fd00::/8', true],
  ['http://[::1]', '127.0.0.1', false],
]

for (const [origin, list, is] of excepted) {
  test(`${origin} is ${is ? '' : 'not '}excepted by NO_PROXY=${list}`, () => {
    const proxies = { http_proxy: 'http://p:3128', https_proxy: 'http://p:3128' }
    for (const name of ['NO_PROXY', 'no_proxy'])
      assert.equal(via(origin, { ...proxies, [name]: list }) === undefined, is)
  })
}

test('credentials are told apart from what may be shown, as they are written and as they mean', () => {
  const route = proxyRoute(secure, { HTTPS_PROXY: 'http://us%40er:p%2Fss@proxy.example:3128' })
  assert.equal(route?.label, 'http://proxy.example:3128')
  assert.deepEqual(route?.secrets, ['p/ss', 'p%2Fss', 'us@er:p/ss', 'us%40er:p%2Fss'])
})

test('an address that cannot be a proxy is told by its variable alone: it may hold a password', () => {
  for (const address of [
    'socks5://user:canary-pw@p:1080',
    'http://',
    'http://user:canary-pw@',
    'ftp://canary-pw@p',
    'http://user:%E0canary-pw@p:1',
    'http://p:99999?canary-pw',
  ]) {
    assert.throws(
      () => proxyRoute(secure, { HTTPS_PROXY: address }),
      (error: Error & { code?: string; advice?: string }) => {
        assert.equal(error.code, 'bad-proxy')
        assert.match(error.message, /^HTTPS_PROXY is not/)
        assert.doesNotMatch(`${error.stack} ${error.advice}`, /canary/)
        return true
      },
    )
  }
})
