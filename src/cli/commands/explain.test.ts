import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { catalogue } from '../../catalogue.ts'
import { Fault } from '../../model/fault.ts'
import { describeError, exitCodeOf } from '../output/describe-error.ts'
import { command } from './explain.ts'
import type { Host } from '../../server/process/host.ts'
import { createProgram } from '../program.ts'
import { createTerminal } from '../../server/process/terminal.ts'

async function explain(...args: string[]): Promise<string> {
  const stdout = new PassThrough()
  const terminal = createTerminal(stdout, new PassThrough(), { NO_COLOR: '1' })
  const said = text(stdout)
  try {
    await createProgram([command], { terminal } as Host, '').parseAsync(['explain', ...args], { from: 'user' })
  } finally {
    stdout.end()
  }
  return await said
}

test('a code is explained, also with the brackets in which messages have it', async () => {
  const said = await explain('[duplicate-identifier]')
  assert.match(said, /Several rows have the same identifier/)
  assert.match(said, /Who can fix it +you: the query\nTried again +no\nWhat to do +Make the identifier unique/)
  assert.match(said, /having count\(\*\) > 1/)
  assert.equal(JSON.parse(await explain('rate-limited', '--json')).whoFixes, 'no one: it is temporary')
})

test('without a code, all are listed', async () => {
  const lines = (await explain()).split('\n').map((line) => line.trim().split(' ')[0])
  for (const { code } of catalogue.flatMap(({ entries }) => entries)) assert.ok(lines.includes(code), code)
})

test('an unknown code is exit code 2, with the nearest ones', async () => {
  const error: unknown = await explain('tag-not-fond').catch((thrown: unknown) => thrown)
  assert.ok(Fault.is(error))
  assert.equal(exitCodeOf(describeError(error).kind), 2)
  assert.match(error.advice ?? '', /tag-not-found/)
})
