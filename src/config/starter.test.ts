import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { behaviors } from '../behaviors/registry.gen.ts'
import { targets } from '../targets/registry.gen.ts'
import { warehouses } from '../warehouses/registry.gen.ts'
import { loadConfig } from './load-config.ts'
import { starterConfig } from './starter.ts'

test('the file that init writes loads against the real connectors, also with every suggestion taken', async (t) => {
  for (const [registry, id] of [
    [targets, 'intercom'],
    [warehouses, 'duckdb'],
    [warehouses, 'postgres'],
  ] as const) {
    if (registry[id] === undefined) return t.skip(`the connector ${id} is not in its registry`)
  }
  const dir = await mkdtemp(join(tmpdir(), 'tailrace-starter-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const load = async (text: string) => {
    const file = join(dir, 'tailrace.yaml')
    await writeFile(file, text)
    return await loadConfig({
      file,
      env: { INTERCOM_TOKEN: 'token-1', WAREHOUSE_URL: 'postgres://reader:pass@127.0.0.1/shop' },
      connectors: {
        warehouse: async (type) => await warehouses[type]?.(),
        warehouseTypes: Object.keys(warehouses),
        target: async (type) => await targets[type]?.(),
        targetTypes: Object.keys(targets),
        behaviors: new Map(Object.entries(behaviors)),
      },
    })
  }
  const config = await load(starterConfig())
  assert.deepEqual([...config.activations.keys()], ['premium-customers'])
  assert.deepEqual(config.targets.get('support')?.secrets, ['token-1'])

  const bold = await load(
    starterConfig()
      .replaceAll(/^(\s*)# (\s*)(?=(analytics|type|url|schedule|limits|verify|ownership|drift|timeLimit):)/gm, '$1$2')
      .replace(/(?<=\n) {2}# customers:\n[^]*/, (block) => block.replaceAll(/^ {2}# /gm, '  ')),
  )
  assert.ok(bold.warehouses.get('analytics')?.secrets.includes('pass'))
  assert.deepEqual(bold.activations.get('premium-customers')?.schedule, { every: 3_600_000 })
  const { fallbacks, mapping } = bold.activations.get('customers') ?? {}
  assert.deepEqual(
    [fallbacks, mapping?.fields.map(({ field }) => field)],
    [
      [{ field: 'email', column: 'email' }],
      ['name', 'signed_up_at', 'custom_attributes.plan', 'custom_attributes.source'],
    ],
  )
})
