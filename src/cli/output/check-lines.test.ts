import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createColors } from 'picocolors'
import { targetLines, warehouseLines } from './check-lines.ts'

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

test('each limit of a Target is shown with what is left of it, and when it returns if that is known', () => {
  const finding = { name: 'crm', type: 'acme', as: { accountId: '1', account: 'Acme', user: 'Ada' }, rights: [] }
  const limits = [
    { name: 'requests in 10 s', perMs: 10_000, limit: 190, left: 12, returnsAt: null },
    { name: 'requests a day', perMs: 86_400_000, limit: 250_000, left: 0, returnsAt: '2026-03-05T00:00:00.000Z' },
  ]
  assert.deepEqual(targetLines({ ...finding, limits }, createColors(false)), [
    '✓ target crm: Acme, as Ada',
    '    – requests in 10 s: 12 of 190 left in 10 s',
    '    ! requests a day: 0 of 250,000 left in 24 h, returns at 2026-03-05T00:00:00.000Z',
  ])
})
