import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../model/fault.ts'
import { canary, tryApi, type ApiBench } from '../api.fixture.ts'
import { entryReferences } from '../project/entry-references.ts'

const strict = await tryApi({ env: { TOKEN: canary, TAILRACE_PASSWORD: canary } })
const open = await tryApi({
  env: { TOKEN: canary, TAILRACE_PASSWORD: canary, TAILRACE_SECRET_REFERENCES: 'file, exec' },
})

for (const api of [strict, open]) {
  await writeFile(join(api.dir, 'token'), `${canary}\n`)
  await writeFile(
    join(api.dir, 'token.mjs'),
    `import { writeFileSync } from 'node:fs'; writeFileSync('was-run', ''); process.stdout.write('${canary}')`,
  )
  await writeFile(join(api.dir, 'own.mjs'), `process.stdout.write(process.env.TAILRACE_PASSWORD ?? 'hidden')`)
}
const command = `exec:"${process.execPath}" token.mjs`
const body = (api: ApiBench, token: string) => ({ type: 'intercom', config: { token, baseUrl: api.intercom.url } })
const stored = async (api: ApiBench): Promise<string> => {
  const { rows } = await api.services.database.pool.query<{ text: string }>(
    'select row_to_json(e)::text as text from project_entry e',
  )
  return rows.map(({ text }) => text).join('\n')
}

test('a variable may be named by every Connection, without the secrets of the server', async () => {
  for (const api of [strict, open]) {
    const made = await api.call('POST', '/api/targets', { name: 'by-env', ...body(api, 'env:TOKEN') })
    assert.equal(made.status, 201, made.text)
    assert.equal(made.body.config.token, 'env:TOKEN')
    const own = await api.call('POST', '/api/targets/test', body(api, 'env:TAILRACE_PASSWORD'))
    assert.match(own.body.errors[0].detail, /TAILRACE_PASSWORD is not set/)
  }
})

test('a server reads no file and runs no program for a Connection, unless its operator allows it', async () => {
  for (const [token, scheme] of [
    ['file:./token', 'file'],
    [command, 'exec'],
  ] as const) {
    for (const reply of [
      await strict.call('POST', '/api/targets/test', body(strict, token)),
      await strict.call('POST', '/api/targets', { name: 'sly', untested: true, ...body(strict, token) }),
      await strict.call('POST', '/api/config/apply', {
        yaml: `targets: { sly: { type: intercom, token: '${token}' } }`,
        apply: true,
      }),
    ]) {
      assert.equal(reply.status, 422, reply.text)
      assert.match(
        reply.text,
        new RegExp(`does not resolve ${scheme}: references.*TAILRACE_SECRET_REFERENCES=${scheme}`),
      )
    }
    assert.equal((await strict.call('GET', '/api/targets/sly')).status, 404)
  }
  assert.equal(existsSync(join(strict.dir, 'was-run')), false)
})

test('a reference that another server saved is not resolved either', async () => {
  for (const [name, token] of [
    ['by-file', 'file:./token'],
    ['by-command', command],
  ] as const) {
    const made = await open.call('POST', '/api/targets', { name, ...body(open, token) })
    assert.equal(made.status, 201, made.text)
    await strict.services.database.pool.query(
      'insert into project_entry (section, name, body, sealed, revision) values ($1, $2, $3, $4, 1)',
      ['targets', name, JSON.stringify({ ...body(strict, token).config, type: 'intercom' }), '{}'],
    )
    const reply = await strict.call('GET', `/api/targets/${name}/objects/contact_tag/members`)
    assert.equal(reply.body.code, 'connection-broken', reply.text)
    assert.match(reply.body.detail, /does not resolve (file|exec): references/)
  }
  assert.equal(existsSync(join(strict.dir, 'was-run')), false)
})

test('where they are allowed, they work, and the value is neither stored nor shown', async () => {
  const members = await open.call('GET', '/api/targets/by-command/objects/contact_tag/members')
  assert.equal(members.status, 200, members.text)
  assert.equal((await open.call('GET', '/api/targets/by-file')).body.config.token, 'file:./token')
  // The arguments of a command may be secret.
  assert.deepEqual((await open.call('GET', '/api/targets/by-command')).body.config.token, { secret: 'set' })
  const all = await stored(open)
  assert.ok(!all.includes(canary) && !all.includes('token.mjs'))
  const kept = await open.call('POST', '/api/targets/test', {
    name: 'by-command',
    ...body(open, ''),
    config: { token: { secret: 'set' }, baseUrl: open.intercom.url },
  })
  assert.equal(kept.body.ok, true, kept.text)
})

test('a program gets none of the secrets of the server', async () => {
  const tested = await open.call('POST', '/api/targets/test', body(open, `exec:"${process.execPath}" own.mjs`))
  assert.equal(tested.body.problem.code, 'unauthorized', tested.text)
})

test('a word that is no reference is an error at the start', () => {
  for (const written of ['files', 'env', 'file;exec', 'all'])
    assert.throws(
      () => entryReferences({ TAILRACE_SECRET_REFERENCES: written }, '/'),
      (error) => Fault.is(error) && error.code === 'secret-references-invalid',
    )
  for (const written of ['', ' ', 'file', ' exec ,file,']) entryReferences({ TAILRACE_SECRET_REFERENCES: written }, '/')
})
