import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activationState, type ActivationState, type Standing } from './activation-state.ts'

const well: Standing = { paused: false, broken: false, running: false, lastStatus: 'completed', notLoaded: 0 }

test('the state is the first that applies', () => {
  const cases: readonly [Partial<Standing>, ActivationState][] = [
    [{}, 'active'],
    [{ lastStatus: 'completed with failures' }, 'active'],
    [{ lastStatus: 'completed with failures', notLoaded: 2 }, 'needs attention'],
    [{ lastStatus: null }, 'never run'],
    [{ lastStatus: null, broken: true }, 'needs attention'],
    [{ lastStatus: 'failed', notLoaded: 2 }, 'failing'],
    [{ lastStatus: 'blocked' }, 'needs attention'],
    [{ lastStatus: 'stopped' }, 'needs attention'],
    [{ lastStatus: 'interrupted' }, 'failing'],
    [{ lastStatus: 'awaiting approval' }, 'needs attention'],
    [{ paused: true, broken: true, lastStatus: 'failed' }, 'paused'],
    [{ paused: true, running: true, lastStatus: 'delivering' }, 'running'],
  ]
  for (const [standing, state] of cases)
    assert.equal(activationState({ ...well, ...standing }), state, JSON.stringify(standing))
})
