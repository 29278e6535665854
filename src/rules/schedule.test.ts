import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextRunAt } from './schedule.ts'

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`)
const due = (...asked: Parameters<typeof nextRunAt>) => new Date(nextRunAt(...asked)).toISOString()

test('every so often: from the start of the last Run, at once where there was none or it is late', () => {
  const schedule = { every: 3_600_000 }
  assert.equal(
    due(schedule, { lastStartedAt: at('10:10:00'), savedAt: at('00:00:00'), now: at('10:30:00') }),
    '2026-11-22T11:10:00.000Z',
  )
  assert.equal(
    due(schedule, { lastStartedAt: at('08:00:00'), savedAt: at('00:00:00'), now: at('10:30:00') }),
    '2026-11-22T10:30:00.000Z',
  )
  assert.equal(
    due(schedule, { lastStartedAt: undefined, savedAt: at('10:00:00'), now: at('10:30:00') }),
    '2026-11-22T10:30:00.000Z',
  )
})

test('cron: in its time zone; what was missed since the last Run or the last change is caught up once', () => {
  const schedule = { cron: '0 6 * * *', timezone: 'Europe/Berlin' }
  assert.equal(
    due(schedule, { lastStartedAt: at('05:00:00'), savedAt: at('00:00:00'), now: at('12:00:00') }),
    '2026-11-23T05:00:00.000Z',
  )
  assert.equal(
    due(schedule, { lastStartedAt: at('04:00:00'), savedAt: at('00:00:00'), now: at('12:00:00') }),
    '2026-11-22T12:00:00.000Z',
  )
  assert.equal(
    due(schedule, { lastStartedAt: at('04:00:00'), savedAt: at('11:00:00'), now: at('12:00:00') }),
    '2026-11-23T05:00:00.000Z',
  )
})

test('what began by a clock that was years ahead is not waited for', () => {
  const ahead = Date.parse('2031-01-01T00:00:00Z')
  assert.equal(
    due({ every: 3_600_000 }, { lastStartedAt: ahead, savedAt: ahead, now: at('10:30:00') }),
    '2026-11-22T11:30:00.000Z',
  )
  assert.equal(
    due(
      { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
      { lastStartedAt: ahead, savedAt: ahead, now: at('12:00:00') },
    ),
    '2026-11-23T05:00:00.000Z',
  )
})

test('cron: an hour that is left out or comes twice is one Run', () => {
  const schedule = { cron: '30 2 * * *', timezone: 'Europe/Berlin' }
  const after = (time: string) => due(schedule, { lastStartedAt: Date.parse(time), savedAt: 0, now: Date.parse(time) })
  assert.equal(after('2026-03-28T01:30:00Z'), '2026-03-29T01:00:00.000Z', 'half past two is not there: it is three')
  assert.equal(after('2026-03-29T01:00:00Z'), '2026-03-30T00:30:00.000Z')
  assert.equal(after('2026-10-24T00:30:00Z'), '2026-10-25T00:30:00.000Z')
  assert.equal(after('2026-10-25T00:30:00Z'), '2026-10-26T01:30:00.000Z', 'the second half past two is not another one')
})
