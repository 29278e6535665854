import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allScopes } from './emulator/index.ts'
import { recordBench } from './record-bench.fixture.ts'
import { target } from './index.ts'

test('what whole contacts and companies need is tried, one right withheld at a time, and nothing is changed by it', async () => {
  for (const [scope, name] of [
    ['write_users_companies', 'Write users and companies'],
    ['read_users_companies', 'Read and list users and companies'],
  ] as const) {
    await recordBench({}, async (b) => {
      const rights = async () =>
        (await target.check(b.io)).rights.filter(
          ({ neededFor }) => neededFor.includes('contact') && neededFor.includes('company'),
        )
      assert.deepEqual((await rights()).map((right) => [right.name, right.granted]).toSorted(), [
        ['Read and list users and companies', true],
        ['Write users and companies', true],
      ])
      b.emulator.setScopes(allScopes.filter((each) => each !== scope))
      const lacking = (await rights()).filter(({ granted }) => granted !== true)
      assert.deepEqual(
        lacking.map((right) => [right.name, right.granted]),
        [[name, false]],
      )
      assert.match(lacking[0]?.advice ?? '', /Developer Hub/)
      assert.equal(b.emulator.world.summary().contacts, 60)
    })
  }
})
