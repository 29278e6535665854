import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openUnderTest, type Opened, type ValueKind, type WarehouseUnderTest } from './warehouse-under-test.ts'
import { warehouseChecks } from './warehouse-kit-checks.ts'

export type { ValueKind, WarehouseUnderTest }

/**
 * Registers the conformance tests of one warehouse. `setup` starts the warehouse, or returns a string that says what is
 * missing on this machine. Every warehouse must pass all tests; none can be switched off.
 */
export function warehouseKit(name: string, setup: () => Promise<WarehouseUnderTest | string>): void {
  describe(`warehouse kit: ${name}`, () => {
    let under: WarehouseUnderTest | string = 'setup failed'
    let opened: Opened | undefined
    before(async () => {
      under = await setup()
      if (typeof under !== 'string') opened = await openUnderTest(under)
    })
    after(async () => {
      await opened?.session.close()
      if (typeof under !== 'string') await under.teardown()
    })
    for (const [title, check] of Object.entries(warehouseChecks)) {
      test(title, async (t) => {
        if (typeof under === 'string') return t.skip(under)
        assert.ok(opened)
        await check(opened)
      })
    }
    test('says no secret in any error or log line', (t) => {
      if (typeof under === 'string') return t.skip(under)
      assert.ok(opened)
      for (const secret of under.secrets)
        assert.ok(!opened.said.some((said) => said.includes(secret)), 'a secret was said')
    })
  })
}
