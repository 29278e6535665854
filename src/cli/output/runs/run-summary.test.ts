import assert from 'node:assert/strict'
import { test } from 'node:test'
import pc from 'picocolors'
import type { RunReport } from '../../../engine/run-report.ts'
import { nextLines, type Continuation } from './run-summary.ts'

const figures = {
  run: 7,
  activation: 'vips',
  counts: { rejected: 0, onHold: 3, unconfirmed: 0, invalid: 0 },
  standing: { notLoaded: 0, unconfirmed: 0 },
}
const lastLine = (status: RunReport['status'], continuation?: Continuation) =>
  nextLines({ ...figures, status } as RunReport, ' --config x.yaml', pc.createColors(false), continuation).at(-1)

for (const status of ['deferred', 'cancelled'] as const) {
  test(`what continues a ${status} Run is itself, what continues an undo is the undo, and what continues a saved plan is a new one`, () => {
    assert.equal(lastLine(status), '→ tailrace run vips --config x.yaml   # continues where this Run stopped')
    assert.equal(
      lastLine(status, { command: 'undo 5', does: 'undoes the rest' }),
      '→ tailrace undo 5 --config x.yaml   # undoes the rest',
    )
    assert.equal(
      lastLine(status, { command: 'plan vips', does: 'the remaining records need a new plan' }),
      '→ tailrace plan vips --config x.yaml   # the remaining records need a new plan',
    )
  })
}

test('a Run that ended by itself is not to be continued', () => {
  assert.equal(lastLine('completed with failures'), '→ tailrace show 7 --records failed --config x.yaml')
})
