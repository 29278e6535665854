import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { tryApi } from './api.fixture.ts'

const dir = await mkdtemp(join(tmpdir(), 'tailrace-ui-'))
after(() => rm(dir, { recursive: true, force: true }))
const ui = join(dir, 'ui')
await mkdir(join(ui, 'assets'), { recursive: true })
await writeFile(join(ui, 'index.html'), '<!doctype html><title>Tailrace</title>')
await writeFile(join(ui, 'assets', 'app-4f3a.js'), 'export {}')
await writeFile(join(dir, 'beside.txt'), 'not to be served')
const api = await tryApi({ ui, access: { kind: 'password', password: 'a good long password' } })

test('every page of the UI is its one page, before signing in as well, and is asked for anew', async () => {
  for (const path of ['/', '/activations/premium?tab=history', '/index.html']) {
    const { status, headers, text } = await api.call('GET', path)
    assert.deepEqual(
      [status, headers['cache-control'], text],
      [200, 'no-cache', '<!doctype html><title>Tailrace</title>'],
      path,
    )
    assert.match(String(headers['content-type']), /^text\/html/)
    assert.match(String(headers['content-security-policy']), /default-src 'self';script-src 'self';/)
  }
})

test('files with a hash in their names are kept for ever; one that is gone is not the page', async () => {
  const { status, headers } = await api.call('GET', '/assets/app-4f3a.js')
  assert.deepEqual([status, headers['cache-control']], [200, 'public, max-age=31536000, immutable'])
  assert.equal((await api.call('GET', '/assets/app-old.js')).status, 404)
})

test("nothing beside the UI's files is served, and the API stays shut", async () => {
  for (const path of ['/../beside.txt', '/..%2fbeside.txt', '/%2e%2e/beside.txt', '/assets/..%2f..%2fbeside.txt']) {
    assert.doesNotMatch((await api.call('GET', path)).text, /not to be served/, path)
  }
  assert.equal((await api.call('GET', '/api/nothing')).status, 401)
  assert.equal((await api.call('POST', '/somewhere', {})).status, 404)
})
