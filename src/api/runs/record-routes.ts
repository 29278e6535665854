import type { FastifyInstance } from 'fastify'
import { groupInvalidRows } from '../../store/ledger/invalid-rows.ts'
import { readOutcomeGroups } from '../../store/ledger/outcome-groups.ts'
import { pageRecords, type RecordFilter } from '../../store/ledger/run-records.ts'
import type { ListedRun } from '../../store/runs/run-pages.ts'
import { csvStream, type Cells } from '../csv.ts'
import { afterNumber, cursorIn, cursorOf, page } from '../cursor.ts'
import { mount } from '../mount.ts'
import { reasonWords } from '../../catalogue.ts'
import type { Services } from '../services.ts'
import { exportRunRecords, groupRunRecords, listRunRecords } from './contract.ts'
import { requireRun, namesIn, showRecord } from './show-run.ts'

const exportedAtOnce = 5000
const sampledInvalidRows = 5

export function routes(app: FastifyInstance, services: Services): void {
  const {
    database: { pool },
  } = services

  mount(
    app,
    services,
    listRunRecords,
    async ({ params: { run: id }, query: { cursor, limit, status, code, record } }) => {
      const run = await requireRun(pool, id)
      const after = cursorIn('records', cursor, afterNumber) ?? 0
      const rows = await pageRecords(pool, run, { status, code, record, after, limit: limit + 1 })
      const nameOf = namesIn(run)
      return page(
        rows,
        limit,
        (entry) => showRecord(entry, nameOf),
        ({ ordinal }) => cursorOf('records', ordinal),
      )
    },
  )

  mount(app, services, exportRunRecords, async ({ params: { run: id }, query, reply }) => {
    const run = await requireRun(pool, id)
    reply.header('content-disposition', `attachment; filename="run-${id}-records.csv"`)
    return csvStream(
      [
        'record',
        'operation',
        'reason',
        'outcome',
        'code',
        'message',
        'field',
        'http_status',
        'request_id',
        'target_id',
        'at',
        'groups',
        'before',
        'after',
      ],
      exported(run, query),
    )
  })

  async function* exported(
    run: ListedRun,
    filter: Pick<RecordFilter, 'status' | 'code'>,
  ): AsyncGenerator<readonly Cells[]> {
    const nameOf = namesIn(run)
    for (let after = 0; ;) {
      const rows = await pageRecords(pool, run, { ...filter, after, limit: exportedAtOnce })
      yield rows.map((entry): Cells => {
        const {
          record,
          operation,
          reason,
          status,
          code,
          message,
          field,
          httpStatus,
          requestId,
          targetId,
          at,
          groups,
          before,
          after: set,
        } = showRecord(entry, nameOf)
        return [
          record,
          operation,
          reason,
          status,
          code,
          message,
          field,
          httpStatus,
          requestId,
          targetId,
          at,
          groups.join('; '),
          before && JSON.stringify(before),
          set && JSON.stringify(set),
        ]
      })
      const last = rows.at(-1)
      if (last === undefined || rows.length < exportedAtOnce) return
      after = last.ordinal
    }
  }

  mount(app, services, groupRunRecords, async ({ params: { run: id } }) => {
    const run = await requireRun(pool, id)
    const [groups, invalidRows] = await Promise.all([
      readOutcomeGroups(pool, run.id),
      groupInvalidRows(pool, run.id, sampledInvalidRows),
    ])
    return {
      groups: groups.map(({ status, code, count }) => ({ status, code, count, ...reasonWords(code) })),
      invalidRows: invalidRows.map(({ code, column, count, first }) => ({
        code,
        column,
        count,
        sample: first.map(({ key, row, message }) => ({ record: key, row, message })),
      })),
    }
  })
}
