import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

/** A small source tree that breaks each rule once, by a type import, a value import or a dynamic import. */
const violations: Readonly<Record<string, readonly [file: string, imports: string]>> = {
  'model-stands-alone': ['src/model/a.ts', "import type { b } from '../rules/fine.ts'"],
  'rules-are-pure': ['src/rules/a.ts', "import { b } from '../store/fine.ts'"],
  'behaviors-are-tables': ['src/behaviors/a.ts', "import { b } from '../rules/fine.ts'"],
  'connect-is-contracts': ['src/connect/a.ts', "import { b } from '../rules/fine.ts'"],
  'connector-sees-contracts': ['src/targets/one/a.ts', "import { b } from '../two/fine.ts'"],
  'emulator-stands-alone': ['src/targets/one/emulator/a.ts', "import { b } from '../../../connect/fine.ts'"],
  'emulator-kit-stands-alone': ['src/emulator-kit/a.ts', "import { b } from '../http/fine.ts'"],
  'embedded-postgres-stands-alone': ['src/embedded-postgres/a.ts', "import { b } from '../store/fine.ts'"],
  'store-keeps-records': ['src/store/runs/a.ts', "export type { b } from '../../bookkeeping/fine.ts'"],
  'bookkeeping-compares': ['src/bookkeeping/a.ts', "import type { b } from '../engine/fine.ts'"],
  'http-carries-requests': ['src/http/limits/a.ts', "import type { b } from '../../engine/fine.ts'"],
  'config-reads-files': ['src/config/a.ts', "import { b } from '../store/fine.ts'"],
  'engine-sees-contracts': ['src/engine/steps/a.ts', "import type { b } from '../../targets/two/fine.ts'"],
  'assembly-makes-activations': ['src/assemble.ts', "import { b } from './server/fine.ts'"],
  'catalogue-joins-codes': ['src/catalogue.ts', "import { b } from './rules/fine.ts'"],
  'api-serves': ['src/api/a.ts', "import type { b } from '../server/fine.ts'"],
  'api-on-top': ['src/engine/f.ts', "import type { b } from '../api/fine.ts'"],
  'contracts-are-light': ['src/api/one/contract.ts', "import { b } from '../../engine/g.ts'"],
  'server-composes': ['src/server/a.ts', "import type { b } from '../demo/fine.ts'"],
  'cases-run-the-engine': ['src/cases/a.ts', "import { b } from '../cli/fine.ts'"],
  'demo-shows-the-product': ['src/demo/a.ts', "import { b } from '../cli/fine.ts'"],
  'no-ui-in-the-server': ['src/cli/c.ts', "import { b } from '../../web/fine.ts'"],
  'connectors-by-registry': ['src/cli/a.ts', "const b = () => import('../targets/two/fine.ts')"],
  'cli-on-top': ['src/config/b.ts', "import { b } from '../cli/fine.ts'"],
  'main-is-last': ['src/cli/b.ts', "import { b } from '../main.ts'"],
  'no-testing-in-production': ['src/engine/b.ts', "import { b } from '../testing/fine.ts'"],
  'no-scripts-in-production': ['src/engine/c.ts', "import { b } from '../../scripts/fine.ts'"],
  'no-test-imports': ['src/engine/d.ts', "import { b } from './fine.test.ts'"],
  'no-cycles': ['src/config/round.ts', "import type { b } from './about.ts'"],
  resolvable: ['src/config/lost.ts', "import { b } from './nowhere.ts'"],
  declared: ['src/config/dev.ts', "import { b } from 'devtool'"],
}

const fine: readonly string[] = [
  'src/rules/fine.ts',
  'src/store/fine.ts',
  'src/bookkeeping/fine.ts',
  'src/http/fine.ts',
  'src/embedded-postgres/fine.ts',
  'src/engine/fine.ts',
  'src/engine/g.ts',
  'src/targets/two/fine.ts',
  'src/server/fine.ts',
  'src/demo/fine.ts',
  'src/cases/fine.ts',
  'src/cli/fine.ts',
  'src/main.ts',
  'src/testing/fine.ts',
  'scripts/fine.ts',
  'src/engine/fine.test.ts',
  'src/model/fine.ts',
  'src/behaviors/fine.ts',
  'src/connect/fine.ts',
  'src/config/fine.ts',
  'src/api/fine.ts',
  'src/api/shared.ts',
  'src/targets/emulators.gen.ts',
  'src/targets/three/emulator/fine.ts',
  'src/emulator-kit/fine.ts',
  'web/fine.ts',
]

const allowed: Readonly<Record<string, string>> = {
  'src/config/about.ts': "import type { b } from './round.ts'",
  'src/config/c.ts':
    "import { b } from '../rules/fine.ts'; import type { c } from '../connect/fine.ts'; import { d } from '../model/fine.ts'",
  'src/rules/mapping/b.ts': "import { b } from '../../model/fine.ts'; import type { c } from '../fine.ts'",
  'src/store/runs/b.ts': "import { b } from '../fine.ts'; import { c } from '../../embedded-postgres/fine.ts'",
  'src/bookkeeping/b.ts': "import { b } from '../store/fine.ts'",
  'src/http/b.ts': "import { b } from '../store/fine.ts'; import type { c } from '../connect/fine.ts'",
  'src/targets/two/b.ts':
    "import { b } from '../../connect/fine.ts'; import { c } from '../../model/fine.ts'; import { d } from './fine.ts'",
  'src/targets/two/inner/b.ts': "import { b } from '../fine.ts'; import { c } from '../../../connect/fine.ts'",
  'src/targets/three/emulator/b.ts':
    "import { b } from '../../../emulator-kit/fine.ts'; import { c } from './fine.ts'; import { d } from '../../../model/fine.ts'",
  'src/targets/two/b.test.ts': "import { b } from '../../testing/fine.ts'; import { c } from '../one/a.ts'",
  'src/engine/e.ts':
    "import { b } from '../connect/fine.ts'; import { c } from '../bookkeeping/fine.ts'; import { d } from '../http/fine.ts'",
  'src/api/b.ts':
    "import { b } from '../engine/g.ts'; import { c } from '../store/fine.ts'; import { d } from '../config/fine.ts'",
  'src/server/b.ts':
    "import { b } from '../api/fine.ts'; import { c } from '../engine/g.ts'; import type { d } from '../targets/emulators.gen.ts'",
  'src/cases/b.ts': "import { b } from '../server/fine.ts'; import { c } from '../engine/g.ts'",
  'src/demo/b.ts': "import { b } from '../server/fine.ts'; import { c } from '../embedded-postgres/fine.ts'",
  'src/cli/d.ts':
    "import { b } from '../api/fine.ts'; import { c } from '../demo/fine.ts'; import { d } from '../cases/fine.ts'",
}

test('each boundary rule fires where it is broken, and only there', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'boundaries-'))
  t.after(() => rm(directory, { recursive: true }))
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await writeFile(join(directory, file), `${text}\n`)
  }
  await write('package.json', '{"type":"module","devDependencies":{"devtool":"1.0.0"}}')
  await write(
    'node_modules/devtool/package.json',
    '{"name":"devtool","version":"1.0.0","type":"module","exports":"./index.js"}',
  )
  await write('node_modules/devtool/index.js', 'export const b = 1')
  for (const file of fine) await write(file, 'export const b = 1; export const c = 2; export const d = 3')
  for (const [file, imports] of [...Object.values(violations), ...Object.entries(allowed)])
    await write(file, `${imports}\nexport const z = 1`)

  const { default: config } = (await import(join(root, '.dependency-cruiser.mjs'))) as {
    default: { forbidden: { name: string }[] }
  }
  assert.deepEqual(
    Object.keys(violations).toSorted(),
    config.forbidden.map(({ name }) => name).toSorted(),
    'every rule has a violation here',
  )

  const fired = await cruise(directory)
  for (const [rule, [file]] of Object.entries(violations)) {
    assert.ok(
      fired.some(({ rule: name, from }) => name.name === rule && (from === file || rule === 'no-cycles')),
      `${rule} did not fire for ${file}`,
    )
  }
  const innocent = fired.filter(
    ({ from, rule }) => (from in allowed || fine.includes(from)) && rule.name !== 'no-cycles',
  )
  assert.deepEqual(innocent, [])
})

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

async function cruise(directory: string): Promise<readonly Violation[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const args = [
    join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    '-T',
    'json',
    'src',
    'scripts',
  ]
  execFile(process.execPath, args, { cwd: directory, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
    if (stdout.startsWith('{')) resolve(stdout)
    else reject(new Error(`dependency-cruiser gave no answer: ${stderr}`, { cause: error }))
  })
  return (JSON.parse(await promise) as { summary: { violations: Violation[] } }).summary.violations
}
