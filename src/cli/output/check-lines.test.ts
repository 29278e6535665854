import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createColors } from 'picocolors'
import { warehouseLines } from './check-lines.ts'

test('a right that a warehouse does not grant is named, with what grants it', () => {
  const finding = { name: 'shop', type: 'postgres', version: 'PostgreSQL 17.2', notices: [] }
  const rights = [
    { name: 'Connect', granted: true },
    { name: 'Read tables and views (0 of 3)', granted: false, grant: 'grant usage on schema "a" to "b";' },
    { name: 'Read columns', granted: 'unknown' as const },
  ]
  assert.deepEqual(warehouseLines({ ...finding, rights }, createColors(false)), [
    '✓ warehouse shop: PostgreSQL 17.2',
    '    ✗ Read tables and views (0 of 3): not granted',
    '      → grant usage on schema "a" to "b";',
    '    ? Read columns: unknown',
  ])
})
