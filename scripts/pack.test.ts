import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

test('the published package starts below node_modules, where Node strips no types', async (t) => {
  if (!existsSync(join(root, 'src', 'main.ts'))) {
    t.skip('src/main.ts is not there yet')
    return
  }
  const directory = await mkdtemp(join(tmpdir(), 'pack-'))
  t.after(() => rm(directory, { recursive: true }))
  const modules = join(directory, 'node_modules')
  await mkdir(join(modules, 'tailrace'), { recursive: true })

  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', directory], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  ) as { filename: string; files: { path: string }[] }[]
  assert.ok(packed)
  const paths = packed.files.map(({ path }) => path)
  for (const wanted of ['bin/tailrace.mjs', 'dist/main.js', 'dist/connect/index.d.ts', 'LICENSE'])
    assert.ok(paths.includes(wanted), `${wanted} is not in the package`)
  assert.deepEqual(
    paths.filter((path) => /\.test\.|^(src|scripts|bench|decisions)\//.test(path)),
    [],
  )

  execFileSync('tar', [
    '-xzf',
    join(directory, packed.filename),
    '-C',
    join(modules, 'tailrace'),
    '--strip-components=1',
  ])
  // Dependencies that an installation would fetch.
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(modules, name))
  }
  const help = execFileSync(process.execPath, [join(modules, 'tailrace', 'bin', 'tailrace.mjs'), '--help'], {
    cwd: directory,
    encoding: 'utf8',
  })
  assert.match(help, /tailrace/)
})
