import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connectorsFrom } from '../assemble.ts'
import { behaviors } from '../behaviors/registry.gen.ts'
import { contactId } from '../targets/intercom/emulator/index.ts'
import { targets } from '../targets/registry.gen.ts'
import { startOAuthFront } from '../testing/simulated/oauth-front.ts'
import { tryCli, type CliEnd } from '../testing/harness/try-cli.ts'
import { warehouses } from '../warehouses/registry.gen.ts'

const cli = await tryCli({ contacts: 20, companies: 0, conversations: 0, tags: ['Premium'] })
const front = await startOAuthFront(cli.intercom)
await cli.table('people', [contactId(1), contactId(2)])
await cli.config(`  premium:
    query: select id from people
    warehouse: shop
    target: support
    object: contact_tag
    behavior: attach
    tags: [Premium]
    identifier: { field: id, column: id }
`)
after(() => front.close())

/** The real command line, with an Intercom whose calls need a token that its token endpoint grants. */
async function tailrace(...args: string[]): Promise<CliEnd> {
  const known = await targets.intercom?.()
  assert.ok(known)
  const http: typeof known.http = (config) => front.policy(known.http(config))
  const intercom = () => Promise.resolve({ ...known, http })
  return await cli.tailrace(args, {}, connectorsFrom({ ...targets, intercom }, warehouses, behaviors))
}

test('check, plan, run and verify follow one chain of refresh tokens, which the vendor replaces each time', async () => {
  for (const [at, command] of ['check', 'plan', 'run', 'verify'].entries()) {
    front.tokens.expireAll()
    const end = await tailrace(command, 'premium', '--json')
    assert.equal(end.code, 0, `${command}: ${end.stdout}${end.stderr}`)
    assert.equal(front.tokens.granted, at + 1, command)
  }
  assert.deepEqual(cli.intercom.world.tagsOn('contact', contactId(2)), ['Premium'])
  const used = front.tokens.requests.map((request) => request['refresh_token'])
  assert.equal(new Set(used).size, used.length)
})

test("a revoked grant ends a Run with the vendor's code and what to do, and no secret", async () => {
  await cli.table('people', [contactId(3)])
  front.tokens.revoke()
  const end = await tailrace('run', 'premium', '--json')
  assert.equal(end.code, 4)
  const { status, fault } = end.json() as { status: string; fault: { code: string; message: string } }
  assert.deepEqual([status, fault.code], ['failed', 'token-rejected'])
  assert.match(fault.message, /POST \/oauth\/token: 127\.0\.0\.1:\d+ answered 400: invalid_grant/)
  const shown = await tailrace('check')
  assert.match(shown.stdout, /Connect the app to the account again, and configure the new refresh token/)
  for (const { stdout, stderr } of [end, shown])
    assert.doesNotMatch(stdout + stderr, /canary-of|access-|refresh-[0-9a-f]{8}/)
  assert.deepEqual(cli.intercom.world.tagsOn('contact', contactId(3)), [])
})
