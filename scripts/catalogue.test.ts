import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { catalogue } from '../src/catalogue.ts'
import { rejectionCodes } from '../src/model/outcome.ts'
import { guardRules } from '../src/rules/guardrails.ts'
import { codesInUse } from './codes-in-use.ts'
import { errorsPage } from './docs/errors-page.ts'
import { repoFiles, root } from './repo-files.ts'

/** Codes that are in the catalogue before any code uses them. The test fails when a code on this list is used. */
const announced: readonly string[] = []
/** Expressions that give a code without a literal, and the codes that each may give. */
const handedOn: Readonly<Record<string, readonly string[]>> = {
  'src/api/runs/plan-routes.ts: note': [],
  'src/engine/saved-plans/shown-line.ts: note': [],
  'src/rules/settlement/settle-kept.ts: note': [],
  'src/engine/delivery/put-rest-on-hold.ts: end.how': ['cancelled', 'time-limit', 'trouble', 'run-deferred', 'guarded'],
  'src/model/outcome.ts: TsIndexedAccessType': rejectionCodes,
  'src/engine/faults/guard-fault.ts: guard-…': guardRules.map((rule) => `guard-${rule}`),
  // The vendor's own codes. None is shown as a code of Tailrace.
  'src/targets/intercom/answer.ts: text()': [],
  'src/cli/output/describe-error.ts: code.replace().replaceAll()': commanderCodes(),
}
/** zod's code for an issue that Tailrace adds. */
const notTailrace = ['custom']

const sources = new Map(
  repoFiles()
    .filter(
      (file) =>
        file.endsWith('.ts') &&
        file.startsWith('src/') &&
        !/\.(test|fixture|gen)\.ts$|^src\/(testing|emulator-kit|targets\/[^/]+\/emulator|model\/catalogue)\/|^src\/(targets|warehouses)\/[^/]+\/codes\.ts$|^src\/api\/(.+\/contract|shared)\.ts$/.test(
          file,
        ),
    )
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
)
const catalogued = catalogue.flatMap(({ entries }) => entries.map(({ code }) => code))
const inUse = codesInUse(sources)
const used = new Map([
  ...inUse.codes,
  ...Object.entries(handedOn).flatMap(([place, codes]) => codes.map((code) => [code, place] as const)),
])

test('every code in use is in the catalogue', () => {
  const missing = [...used]
    .filter(([code]) => !catalogued.includes(code) && !notTailrace.includes(code))
    .map(([code, place]) => `${code} (${place})`)
  assert.deepEqual(missing, [], 'add them to src/model/catalogue/, or to codes.ts of their connector')
})

test('every code in the catalogue is in use, or announced, and once only', () => {
  assert.deepEqual(
    catalogued.filter((code) => !used.has(code) && !announced.includes(code)),
    [],
    'take them out of the catalogue',
  )
  assert.deepEqual(
    announced.filter((code) => used.has(code)),
    [],
    'take them off the list of this test: they are in use',
  )
  assert.deepEqual(
    catalogued.filter((code, at) => catalogued.indexOf(code) !== at),
    [],
  )
})

test('where a code cannot be seen in the source, this test was told what it may be', () => {
  assert.deepEqual(inUse.indirect, Object.keys(handedOn).toSorted())
})

test('docs/errors.md is the catalogue', () => {
  assert.equal(readFileSync(join(root, 'docs/errors.md'), 'utf8'), errorsPage(catalogue), 'run npm run gen')
})

test('codes are found wherever they are written', () => {
  const text = `
    export type ThingCode = 'in-a-type' | 'in-a-union'
    const table = { ENOENT: 'in-a-table' }
    throw new Fault('bug', 'x', { code: late ? 'if-so' : 'if-not' })
    const code = table[status] ?? 'otherwise'
    const [kind, code] = judge()
    function judge() { return deeper() }
    function deeper() { return ['auth', 'from-a-tuple'] }
    const refuse = (code: 'by-parameter') => ({ code })
    function hold(pool: Pool, code: string) {}
    hold(pool, 'by-argument')
    query(\`jsonb_build_object('code', 'in-sql')\`)
    fault({ code: other.code })
    fault({ code: strange() })`
  const { codes, indirect } = codesInUse(new Map([['x.ts', text]]))
  assert.deepEqual([...codes.keys()].toSorted(), [
    'by-argument',
    'by-parameter',
    'from-a-tuple',
    'if-not',
    'if-so',
    'in-a-table',
    'in-a-type',
    'in-a-union',
    'in-sql',
    'otherwise',
  ])
  assert.deepEqual(indirect, ['x.ts: strange()'])
})

/**
 * Commander's codes for an invalid command line, in our spelling. Codes for help, version and failed subcommands are
 * excluded.
 */
function commanderCodes(): readonly string[] {
  const lib = join(dirname(createRequire(import.meta.url).resolve('commander')), 'lib')
  const texts = ['command.js', 'error.js'].map((file) => readFileSync(join(lib, file), 'utf8')).join('\n')
  const names = [...texts.matchAll(/'commander\.(\w+)'/g)].map(([, name = '']) => name)
  return [...new Set(names)]
    .filter((name) => !['help', 'helpDisplayed', 'version', 'error', 'executeSubCommandAsync'].includes(name))
    .map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
}
