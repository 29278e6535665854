import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { repoFiles, root } from './repo-files.ts'

test('what npm run new writes type-checks, passes the lint, is registered, and passes its kit', (t) => {
  const copy = mkdtempSync(join(tmpdir(), 'new-'))
  t.after(() => rmSync(copy, { recursive: true }))
  for (const file of repoFiles()) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '' }
  // A nested test runner would report to the outer one.
  delete env['NODE_TEST_CONTEXT']
  const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' })
  const bin = (name: string, ...args: string[]) =>
    spawnSync(join(copy, 'node_modules', '.bin', name), args, { cwd: copy, env, encoding: 'utf8' })

  const written: string[] = []
  for (const [kind, id] of [
    ['target', 'acme-crm'],
    ['warehouse', 'acme-db'],
    ['behavior', 'pin-up'],
    ['command', 'greet'],
  ]) {
    const { status, stdout, stderr } = node('scripts/new.ts', String(kind), String(id))
    assert.equal(status, 0, stderr)
    written.push(...[...stdout.matchAll(/^wrote (.*)$/gm)].map(([, path]) => String(path)))
    assert.equal(node('scripts/new.ts', String(kind), String(id)).status, 2, 'it never writes over what is there')
  }
  assert.equal(node('scripts/gen.ts', '--check').stdout, '')
  assert.equal(bin('oxfmt', '--check', ...written).status, 0, 'it is formatted')

  const about = (output: string): string[] =>
    output.split('\n').filter((line) => written.some((path) => line.startsWith(path)))
  assert.deepEqual(about(bin('tsc').stdout), [])
  assert.deepEqual(
    about(bin('oxlint', '--type-aware', '--format=unix', ...new Set(written.map((path) => dirname(path)))).stdout),
    [],
  )

  // The gate looks at the files that git knows.
  for (const args of [
    ['init', '-q'],
    ['add', 'src', 'scripts', 'docs', 'package.json'],
  ])
    assert.equal(spawnSync('git', args, { cwd: copy, env }).status, 0)
  for (const gate of ['scripts/catalogue.test.ts', 'scripts/boundaries.test.ts']) {
    const { status, stdout } = node('--test', '--test-reporter=tap', gate)
    assert.equal(status, 0, stdout)
  }
  const help = node('bin/tailrace.mjs', 'emulator', 'acme-crm', '--help')
  assert.match(help.stdout, /emulate Acme Crm locally, with items and tags/)
  assert.match(node('bin/tailrace.mjs', 'explain', 'acme-crm-answer').stdout, /Unexpected answer of Acme Crm/)

  const kit = node('--test', '--test-reporter=tap', 'src/targets/acme-crm/acme-crm.test.ts')
  assert.equal(kit.status, 0, kit.stdout)
  assert.match(kit.stdout, /^# fail 0$/m)
  assert.match(kit.stdout, /^# skipped 0$/m)
  const skipped = node('--test', '--test-reporter=tap', 'src/warehouses/acme-db/acme-db.test.ts')
  assert.match(skipped.stdout, /# SKIP no Acme Db runs here yet/)
})
