import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

const impure = [
  'export const a = Date.now()',
  'export const b = new Date()',
  'export const c = Math.random()',
  "export const d = fetch('https://example.com')",
  'export const e = process.argv',
  'export const f = performance.now()',
  'export default a',
  'console.log(e)',
]

test('decisions cannot read the clock, the dice, the network or the process', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'lint-'))
  t.after(() => rm(directory, { recursive: true }))
  await cp(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'))
  await cp(join(root, 'scripts', 'lint'), join(directory, 'scripts', 'lint'), { recursive: true })
  for (const folder of ['model', 'rules', 'behaviors', 'http/limits', 'cli']) {
    await mkdir(join(directory, 'src', folder), { recursive: true })
    await writeFile(join(directory, 'src', folder, 'a.ts'), `${impure.join('\n')}\nexport const ok = new Date(5)\n`)
  }

  const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'oxlint'), ['-f', 'unix', 'src'], {
    cwd: directory,
    encoding: 'utf8',
  })
  const linesOf = (folder: string): number[] =>
    [
      ...new Set(
        [...stdout.matchAll(new RegExp(`^src/${folder}/a\\.ts:(\\d+):`, 'gm'))].map(([, line]) => Number(line)),
      ),
    ].toSorted((a, b) => a - b)
  const every = impure.map((_, index) => index + 1)
  assert.deepEqual(linesOf('model'), every)
  assert.deepEqual(linesOf('rules'), every)
  assert.deepEqual(linesOf('behaviors'), every)
  assert.deepEqual(linesOf('http/limits'), every)
  assert.deepEqual(linesOf('cli'), [impure.indexOf('export default a') + 1], 'a command may do all of it')
})

test('only one file writes the Snapshot, and new code does not branch on whether an object has groups', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'lint-'))
  t.after(() => rm(directory, { recursive: true }))
  await cp(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'))
  await cp(join(root, 'scripts', 'lint'), join(directory, 'scripts', 'lint'), { recursive: true })
  const lines = [
    "export const a = 'select * from snapshot n where n.present'",
    "export const b = 'update snapshot n set present = false'",
    'export const c = `with x as (delete from snapshot returning *) insert into snapshot select * from x`',
    'export const g = "truncate table tailrace.snapshot"',
    'export const d = (object: { group?: string }) => object.group === undefined',
    'export const e = (activation: { object: { group?: string } }) => undefined !== activation.object.group',
    "export const f = (record: { group: string }) => record.group === ''",
  ]
  for (const file of ['src/store/snapshot/write-snapshot.ts', 'src/engine/undo-links.ts']) {
    await mkdir(join(directory, dirname(file)), { recursive: true })
    await writeFile(join(directory, file), `${lines.join('\n')}\n`)
  }
  const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'oxlint'), ['-f', 'unix', 'src'], {
    cwd: directory,
    encoding: 'utf8',
  })
  const found = [...stdout.matchAll(/^src\/.*?(\w+(?:-\w+)*)\.ts:(\d+):/gm)].map(([, file, line]) => `${file} ${line}`)
  const inBoth = ['undo-links 5', 'undo-links 6', 'write-snapshot 5', 'write-snapshot 6']
  assert.deepEqual(found.toSorted(), [...inBoth, 'undo-links 2', 'undo-links 3', 'undo-links 4'].toSorted(), stdout)
})

const askew: Readonly<Record<string, readonly string[]>> = {
  'web/ui/a.ts': ['../features/run/fine.ts', '../pages/run/fine.ts', '../../src/engine/fine.ts'],
  'web/lib/a.ts': ['../features/run/fine.ts', '../pages/run/fine.ts', '../../src/engine/fine.ts'],
  'web/features/run/a.ts': ['../../pages/run/fine.ts', '../../../src/engine/fine.ts'],
  'web/pages/run/a.ts': ['../../../src/engine/fine.ts'],
}

test('in the UI, primitives import no feature, features import no page, and nothing imports more of the server than its contracts', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'lint-'))
  t.after(() => rm(directory, { recursive: true }))
  await cp(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'))
  await cp(join(root, 'scripts', 'lint'), join(directory, 'scripts', 'lint'), { recursive: true })
  const imports = (paths: readonly string[]): string =>
    paths.map((path, at) => `import { a as a${at} } from '${path}'\nexport { a${at} }\n`).join('')
  const files = {
    ...askew,
    'web/pages/run/fine.ts': ['../../features/run/a.ts', '../../ui/a.ts', '../../../src/api/runs/contract.ts'],
    'web/features/run/fine.ts': ['../../ui/a.ts', '../connection/a.ts'],
  }
  for (const [file, paths] of Object.entries(files)) {
    await mkdir(join(directory, dirname(file)), { recursive: true })
    await writeFile(join(directory, file), imports(paths))
  }
  const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'oxlint'), ['-f', 'unix', 'web'], {
    cwd: directory,
    encoding: 'utf8',
  })
  const found = [...stdout.matchAll(/^(web\/[^:]+):.*no-restricted-imports/gm)].map(([, file]) => String(file))
  assert.deepEqual(
    found.toSorted(),
    Object.entries(askew)
      .flatMap(([file, paths]) => paths.map(() => file))
      .toSorted(),
    stdout,
  )
})
