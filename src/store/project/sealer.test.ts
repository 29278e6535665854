import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../model/fault.ts'
import { createSealer } from './sealer.ts'
import { openSecretKey } from './secret-key.ts'

const sealer = createSealer(Buffer.alloc(32, 1))
const isFault = (code: string) => (error: unknown) => Fault.is(error) && error.code === code

test('what is sealed opens in its place, and nowhere else', () => {
  const sealed = sealer.seal('tok€n', 'targets/support/token')
  assert.doesNotMatch(sealed, /tok/)
  assert.equal(sealer.unseal(sealed, 'targets/support/token'), 'tok€n')
  assert.notEqual(sealer.seal('tok€n', 'targets/support/token'), sealed, 'equal secrets do not show')
  assert.throws(() => sealer.unseal(sealed, 'targets/other/token'), isFault('secret-key-differs'))
  assert.throws(() => sealer.unseal(`${sealed.slice(0, -2)}AA`, 'targets/support/token'), isFault('secret-key-differs'))
  assert.throws(
    () => createSealer(Buffer.alloc(32, 2)).unseal(sealed, 'targets/support/token'),
    isFault('secret-key-differs'),
  )
  assert.throws(() => sealer.unseal('nonsense', 'p'), isFault('secret-key-differs'))
})

test('the key is made once, for its owner alone, by whoever of several comes first', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'tailrace-key-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const keys = await Promise.all([1, 2, 3].map(() => openSecretKey(join(home, 'deep'), undefined)))
  assert.ok(keys.every((key) => key.length === 32 && Buffer.compare(key, keys[0] ?? Buffer.of()) === 0))
  const file = join(home, 'deep', 'secret-key')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  await chmod(file, 0o644)
  await assert.rejects(openSecretKey(join(home, 'deep'), undefined), /other users of this machine can read it/)
  await chmod(file, 0o600)
  await writeFile(file, 'short')
  await assert.rejects(openSecretKey(join(home, 'deep'), undefined), isFault('secret-key-invalid'))
  assert.equal(await readFile(file, 'utf8'), 'short', 'it is never overwritten')
})

test('a key that is given must be long', async () => {
  await assert.rejects(openSecretKey('/nowhere', 'short'), isFault('secret-key-invalid'))
  assert.equal((await openSecretKey('/nowhere', 'x'.repeat(32))).length, 32)
})
