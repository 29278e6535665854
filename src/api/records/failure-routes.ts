import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Pool } from 'pg'
import { groupInvalidRows } from '../../store/ledger/invalid-rows.ts'
import { countOutcomes } from '../../store/ledger/ledger.ts'
import { pageRuns } from '../../store/runs/run-pages.ts'
import {
  groupStanding,
  lastPlanned,
  pageOnHold,
  pageStanding,
  sampleOnHold,
  type FailureFilter,
  type StandingFailure,
  type StandingGroup,
} from '../../store/snapshot/standing-failures.ts'
import { csvStream, type Cells } from '../csv.ts'
import { afterNumber, afterText, cursorIn, cursorOf } from '../cursor.ts'
import { mount } from '../mount.ts'
import { reasonWords } from '../../catalogue.ts'
import type { Services } from '../services.ts'
import { exportFailedRecords, listFailedRecords, listFailures, type failedRecord } from './contract.ts'
import { findRow } from '../activations/show-activation.ts'

const sampled = 5
const exportedAtOnce = 5000

/** Unresolved failed Records: first those in the Snapshot, then those the last Run put on hold. */
export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
  } = services

  mount(app, services, listFailures, async ({ params: { activation } }) => {
    const row = await findRow(services, activation)
    if (row === undefined) return { groups: [], invalidRows: [] }
    const [standing, held, [lastRun]] = await Promise.all([
      groupStanding(pool, row.id, sampled),
      groupOnHold(pool, row.id),
      pageRuns(pool, { activation, limit: 1 }),
    ])
    const invalid = lastRun === undefined ? [] : await groupInvalidRows(pool, lastRun.id, sampled)
    return {
      groups: [...standing, ...held].map(({ class: of, code, count, sample }) => ({
        class: of,
        code,
        count,
        ...reasonWords(code),
        sample: [...sample],
      })),
      invalidRows: invalid.map(({ code, column, count, first }) => ({
        code,
        column,
        count,
        sample: first.map(({ key, row: number, message }) => ({ record: key, row: number, message })),
      })),
    }
  })

  mount(app, services, listFailedRecords, async ({ params: { activation }, query: { cursor, limit, ...filter } }) => {
    const row = await findRow(services, activation)
    if (row === undefined) return { items: [], next: null }
    const { failures, next } = await readPage(pool, row.id, filter, cursorIn('failed', cursor, place) ?? start, limit)
    return { items: failures.map(shown), next: next === undefined ? null : cursorOf('failed', next) }
  })

  mount(app, services, exportFailedRecords, async ({ params: { activation }, query, reply }) => {
    const row = await findRow(services, activation)
    reply.header('content-disposition', 'attachment; filename="failed-records.csv"')
    return csvStream(
      ['record', 'class', 'code', 'message', 'field', 'tries', 'retry_at', 'run', 'request_id'],
      exported(row?.id, query),
    )
  })

  async function* exported(activationId: number | undefined, filter: FailureFilter): AsyncGenerator<readonly Cells[]> {
    for (let place: Place | undefined = start; activationId !== undefined && place !== undefined;) {
      const page = await readPage(pool, activationId, filter, place, exportedAtOnce)
      yield page.failures
        .map(shown)
        .map(({ record, class: of, code, message, field, tries, retryAt, run, requestId }): Cells => [
          record,
          of,
          code,
          message,
          field,
          tries,
          retryAt,
          run,
          requestId,
        ])
      place = page.next
    }
  }
}

/** Where the next page starts: after a Key in the Snapshot, or after a line of a Run's Plan. */
const place = z.union([z.tuple([z.literal('standing'), afterText]), z.tuple([z.literal('on-hold'), afterNumber])])
type Place = z.output<typeof place>
const start: Place = ['standing', '']

async function readPage(
  pool: Pool,
  activationId: number,
  filter: FailureFilter,
  place: Place,
  limit: number,
): Promise<{ failures: StandingFailure[]; next: Place | undefined }> {
  const failures: StandingFailure[] = []
  if (place[0] === 'standing' && filter.class !== 'on-hold') {
    const found = await pageStanding(pool, activationId, filter, place[1], limit + 1)
    failures.push(...found.slice(0, limit))
    if (found.length > limit) return { failures, next: ['standing', failures.at(-1)?.record ?? ''] }
  }
  const last =
    filter.class === undefined || filter.class === 'on-hold' ? await lastPlanned(pool, activationId) : undefined
  if (last === undefined) return { failures, next: undefined }
  const from = place[0] === 'on-hold' ? place[1] : 0
  const held = await pageOnHold(pool, last.run, filter.code, from, limit - failures.length + 1)
  const shownOnHold = held.slice(0, limit - failures.length)
  return {
    failures: [...failures, ...shownOnHold],
    next: held.length > shownOnHold.length ? ['on-hold', shownOnHold.at(-1)?.ordinal ?? from] : undefined,
  }
}

async function groupOnHold(pool: Pool, activationId: number): Promise<StandingGroup[]> {
  const last = await lastPlanned(pool, activationId)
  if (last === undefined) return []
  const groups = last.groups ?? (await countOutcomes(pool, last.run)).groups
  return await Promise.all(
    groups
      .filter(({ status }) => status === 'on-hold')
      .map(async ({ code, count }) => ({
        class: 'on-hold' as const,
        code,
        count,
        sample: await sampleOnHold(pool, last.run, code, sampled),
      })),
  )
}

function shown({
  record,
  class: of,
  code,
  message,
  field,
  tries,
  retryAt,
  run,
  requestId,
}: StandingFailure): z.output<typeof failedRecord> {
  return { record, class: of, code, message, field, tries, retryAt: retryAt?.toISOString() ?? null, run, requestId }
}
