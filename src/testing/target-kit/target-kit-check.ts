import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z, type ZodType } from 'zod'
import type { TargetObject, TargetSpec } from '../../connect/index.ts'
import { withConnection } from './harness-connection.ts'
import type { KitHarness } from './target-harness.ts'

interface Checked<S> {
  readonly target: TargetSpec
  readonly object: TargetObject
  /** The vendor's names of the rights that `check` must report. */
  readonly rights: readonly string[]
  start(token: string): Promise<S>
}

/** Every setting must have a title and a description. */
export function configTests({ target, object }: Pick<Checked<never>, 'target' | 'object'>): void {
  test('every field of config and settings is explained, and secrets are marked', () => {
    const fields = fieldsOf(target.config)
    for (const [name, field] of [...fields, ...fieldsOf(object.settings)]) {
      assert.ok(field['title'], `${name} has no title`)
      assert.ok(field['description'], `${name} has no description`)
    }
    const secrets = fields.filter(([, field]) => field['secret'] === true).map(([name]) => name)
    const sounding = fields.map(([name]) => name).filter((name) => /token|secret|password|key/i.test(name))
    assert.ok(secrets.length > 0, 'no field is marked as a secret')
    assert.deepEqual(
      sounding.filter((name) => !secrets.includes(name)),
      [],
    )
  })
}

/** `state` returns what `check` must not change, in a form that can be compared. */
export function checkTests<S extends KitHarness<never>>(testCase: Checked<S>, state: (harness: S) => unknown): void {
  test('check names account, user and each right', () =>
    withConnection(testCase, {}, async ({ io, harness }) => {
      const before = state(harness)
      const connected = await testCase.target.check(io)
      assert.ok(connected.accountId !== '' && connected.account !== '' && connected.user !== '')
      assert.deepEqual(
        connected.rights.filter(({ granted }) => granted !== true),
        [],
      )
      for (const right of testCase.rights) {
        assert.ok(
          connected.rights.some(({ name, neededFor }) => name === right && neededFor.includes(testCase.object.id)),
          `${right} is not reported`,
        )
      }
      assert.deepEqual(state(harness), before)
      assert.equal((await testCase.target.identify(io)).accountId, connected.accountId)
    }))

  for (const right of testCase.rights) {
    test(`check says that "${right}" is missing, and what to do`, () =>
      withConnection(testCase, { without: right }, async ({ io }) => {
        const { rights } = await testCase.target.check(io)
        const found = rights.find(({ name }) => name === right)
        assert.equal(found?.granted, false)
        assert.ok(found.advice)
        for (const other of rights) if (other.granted === false) assert.equal(other.name, right)
      }))
  }

  test('a wrong token is an auth Fault', () =>
    withConnection(testCase, { token: 'canary-of-a-wrong-token' }, async ({ fault, io }) => {
      assert.equal((await fault(() => testCase.target.check(io))).kind, 'auth')
    }))

  test('an unreachable host is a transient Fault', () =>
    withConnection(testCase, { baseUrl: 'http://127.0.0.1:1' }, async ({ fault, io }) => {
      assert.equal((await fault(() => testCase.target.check(io))).kind, 'transient')
    }))
}

function fieldsOf(schema: ZodType): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, field]) => [
    name,
    typeof field === 'object' ? (field as Record<string, unknown>) : {},
  ])
}
