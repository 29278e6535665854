import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryApi } from '../api.fixture.ts'

const api = await tryApi()
await api.connect()

const changesOf = (body: { changes: { section: string; name: string; what: string; keys: { key: string }[] }[] }) =>
  body.changes
    .filter(({ what }) => what !== 'same')
    .map(({ section, name, what, keys }) => `${what} ${section}/${name} ${keys.map(({ key }) => key).join()}`)
const apply = (yaml: string, more: object = {}) => api.call('POST', '/api/config/apply', { yaml, ...more })
const exported = async () => (await api.call('GET', '/api/config')).text

const activation = `
activations:
  premium:
    warehouse: shop
    query: |
      select intercom_id
      from customers
    target: support
    object: contact_tag
    behavior: attach
    tags: [Premium]
    identifier: { field: id, column: intercom_id }
`

test('what is exported is applied to the same server without a change, secrets included', async () => {
  const yaml = await exported()
  assert.match(yaml, /set SUPPORT_TOKEN/)
  assert.match(yaml, /token: \$\{SUPPORT_TOKEN\}/)
  const { status, body } = await apply(yaml)
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual([changesOf(body), body.applied], [[], false])
})

test('changes are shown first, and only those that were shown are applied', async () => {
  const shown = await apply(activation)
  assert.deepEqual(changesOf(shown.body), [
    'add activations/premium warehouse,query,target,object,behavior,tags,identifier',
  ])
  assert.equal((await api.call('GET', '/api/activations/premium')).status, 404)
  const other = await apply(activation.replace('Premium', 'Other'), { apply: true, expect: shown.body.hash })
  assert.deepEqual([other.status, other.body.code], [409, 'apply-differs'])
  const done = await apply(activation, { apply: true, expect: shown.body.hash })
  assert.deepEqual([done.status, done.body.applied], [200, true])
  assert.equal(
    (await api.call('GET', '/api/activations/premium')).body.config.query,
    'select intercom_id\nfrom customers\n',
  )
  assert.ok(api.changed.includes('premium'))
  assert.match(await exported(), /query: \|\n +select intercom_id\n +from customers/)
})

test('the file wins for what it names; the rest stays, unless pruned', async () => {
  const file = `warehouses:\n  shop: { type: duckdb, path: ./shop.duckdb, threads: 2 }\n  more: { type: duckdb, path: "\${MORE:-./more.duckdb}" }\n`
  const { body } = await apply(file)
  assert.deepEqual(changesOf(body), ['change warehouses/shop threads', 'add warehouses/more type,path'])
  const pruned = await apply(file, { prune: true })
  assert.deepEqual(changesOf(pruned.body), [
    'change warehouses/shop threads',
    'add warehouses/more type,path',
    'remove activations/premium ',
    'remove targets/support ',
  ])
  await apply(file, { apply: true })
  assert.equal((await api.call('GET', '/api/warehouses/more')).body.config.path, '${MORE:-./more.duckdb}')
})

test('another secret is a change, and is not shown', async () => {
  const { body } = await apply(
    `targets:\n  support: { type: intercom, token: of-somebody-else, baseUrl: "${api.intercom.url}", concurrency: 10 }\n`,
  )
  assert.deepEqual(body.changes, [
    { section: 'targets', name: 'support', what: 'change', keys: [{ key: 'token', from: '(secret)', to: '(secret)' }] },
  ])
})

test('mistakes are told by line and column, and nothing is applied', async () => {
  const { status, body } = await apply(`${activation}    tagz: [x]\n  other:\n    warehouse: nowhere\n`, {
    apply: true,
  })
  assert.equal(status, 422)
  assert.ok(
    body.errors.some(({ detail }: { detail: string }) =>
      /^line 13, column 5: activations.premium.tagz: unknown key "tagz"/.test(detail),
    ),
    JSON.stringify(body.errors),
  )
  assert.ok(body.errors.some(({ detail }: { detail: string }) => /no warehouse "nowhere".*shop/.test(detail)))
  assert.equal((await apply('just words')).status, 422)
})
