import type { FastifyInstance } from 'fastify'
import { groupRefusals } from '../../store/failures.ts'
import { readOutcomeGroups } from '../../store/outcome-groups.ts'
import { pageRecords, type RecordFilter } from '../../store/run-records.ts'
import type { ListedRun } from '../../store/run-pages.ts'
import { csvStream, type Cells } from '../csv.ts'
import { afterNumber, cursorIn, cursorOf, page } from '../cursor.ts'
import { mount } from '../mount.ts'
import { reasonWords } from '../reason-words.ts'
import type { Services } from '../services.ts'
import { exportRunRecords, groupRunRecords, listRunRecords } from './contract.ts'
import { findRun } from './find-run.ts'
import { namesIn, showRecord } from './show-run.ts'

const exportedAtOnce = 5000
const sampledRefusals = 5

export function routes(app: FastifyInstance, services: Services): void {
  const { database: { pool } } = services

  mount(app, services, listRunRecords, async ({ params: { run: id }, query: { cursor, limit, status, code, record } }) => {
    const run = await findRun(pool, id)
    const after = cursorIn('records', cursor, afterNumber) ?? 0
    const rows = await pageRecords(pool, run, { status, code, record, after, limit: limit + 1 })
    const nameOf = namesIn(run)
    return page(rows, limit, (entry) => showRecord(entry, nameOf), ({ ordinal }) => cursorOf('records', ordinal))
  })

  mount(app, services, exportRunRecords, async ({ params: { run: id }, query, reply }) => {
    const run = await findRun(pool, id)
    reply.header('content-disposition', `attachment; filename="run-${id}-records.csv"`)
    return csvStream(
      ['record', 'operation', 'reason', 'outcome', 'code', 'message', 'field', 'http_status', 'request_id', 'target_id', 'at', 'members', 'before', 'after'],
      exported(run, query))
  })

  async function* exported(run: ListedRun, filter: Pick<RecordFilter, 'status' | 'code'>): AsyncGenerator<readonly Cells[]> {
    const nameOf = namesIn(run)
    for (let after = 0; ;) {
      const rows = await pageRecords(pool, run, { ...filter, after, limit: exportedAtOnce })
      yield rows.map((entry): Cells => {
        const { record, operation, reason, status, code, message, field, httpStatus, requestId, targetId, at, members, before, after: set } = showRecord(entry, nameOf)
        return [record, operation, reason, status, code, message, field, httpStatus, requestId, targetId, at, members.join('; '), before && JSON.stringify(before), set && JSON.stringify(set)]
      })
      const last = rows.at(-1)
      if (last === undefined || rows.length < exportedAtOnce) return
      after = last.ordinal
    }
  }

  mount(app, services, groupRunRecords, async ({ params: { run: id } }) => {
    const run = await findRun(pool, id)
    const [groups, refusals] = await Promise.all([readOutcomeGroups(pool, run.id), groupRefusals(pool, run.id, sampledRefusals)])
    return {
      groups: groups.map(({ status, code, count }) => ({ status, code, count, ...reasonWords(code) })),
      refusals: refusals.map(({ code, named, first }) => ({ code, count: named, sample: first.map(({ key, message }) => ({ record: key, message })) })),
    }
  })
}
