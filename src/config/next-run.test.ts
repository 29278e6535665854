import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextRunAt } from './next-run.ts'

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`)
const due = (...asked: Parameters<typeof nextRunAt>) => new Date(nextRunAt(...asked)).toISOString()

test('every so often: from the start of the last Run, at once where there was none or it is late', () => {
  const schedule = { every: 3_600_000 }
  assert.equal(due(schedule, { lastStartedAt: at('10:10:00'), savedAt: at('00:00:00'), now: at('10:30:00') }), '2026-11-22T11:10:00.000Z')
  assert.equal(due(schedule, { lastStartedAt: at('08:00:00'), savedAt: at('00:00:00'), now: at('10:30:00') }), '2026-11-22T10:30:00.000Z')
  assert.equal(due(schedule, { lastStartedAt: undefined, savedAt: at('10:00:00'), now: at('10:30:00') }), '2026-11-22T10:30:00.000Z')
})

test('cron: in its time zone; what was missed since the last Run or the last change is caught up once', () => {
  const schedule = { cron: '0 6 * * *', timezone: 'Europe/Berlin' }
  assert.equal(due(schedule, { lastStartedAt: at('05:00:00'), savedAt: at('00:00:00'), now: at('12:00:00') }), '2026-11-23T05:00:00.000Z')
  assert.equal(due(schedule, { lastStartedAt: at('04:00:00'), savedAt: at('00:00:00'), now: at('12:00:00') }), '2026-11-22T12:00:00.000Z')
  assert.equal(due(schedule, { lastStartedAt: at('04:00:00'), savedAt: at('11:00:00'), now: at('12:00:00') }), '2026-11-23T05:00:00.000Z')
})
