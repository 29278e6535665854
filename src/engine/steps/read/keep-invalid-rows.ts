import type { Pool } from 'pg'
import type { InvalidRow } from '../../../model/record.ts'
import { saveInvalidGroups, recordInvalidRows, type InvalidGroupCount } from '../../../store/ledger/invalid-rows.ts'
import type { StageComparison } from '../../../bookkeeping/compare-stage.ts'
import { duplicateRow } from '../../../rules/map-identifiers.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import type { Activation } from '../../activation.ts'

/** How many invalid rows of a Run are saved one by one. A Plan keeps all while it is open. */
const keptOfRun = 1000

/** Saves invalid rows. All are counted, by code and column. */
export interface InvalidRowKeeper {
  add(rows: readonly InvalidRow[]): Promise<void>
  /** Duplicates, which only the whole Stage shows. */
  addDuplicates(compared: StageComparison, identifiedBy: Pick<Activation, 'identifier' | 'fallbacks'>): Promise<void>
  /** Saves the counts by code and column. */
  finish(): Promise<void>
}

export function openInvalidRows(pool: Pool, runId: number, isRun: boolean): InvalidRowKeeper {
  const groups = new Map<string, InvalidGroupCount>()
  const most = isRun ? keptOfRun : Number.POSITIVE_INFINITY
  let kept = 0
  const tally = (code: string, column: string, rows: number): void => {
    const name = JSON.stringify([code, column])
    groups.set(name, { code, column, count: rows + (groups.get(name)?.count ?? 0) })
  }
  const keep = async (rows: readonly InvalidRow[]): Promise<void> => {
    const part = rows.slice(0, Math.max(0, most - kept))
    await recordInvalidRows(pool, runId, kept + 1, part)
    kept += part.length
  }
  return {
    async add(rows) {
      for (const { code, column } of rows) tally(code, column, 1)
      await keep(rows)
    },
    async addDuplicates({ duplicateRows, duplicates }, { identifier, fallbacks = [] }) {
      const column = [identifier, ...fallbacks].map((each) => each.column).join('" or "')
      if (duplicateRows > 0) tally('duplicate-identifier', column, duplicateRows)
      await keep(duplicates.map(({ key, rows }) => duplicateRow(key, rows, column)))
    },
    async finish() {
      if (groups.size > 0) await saveInvalidGroups(pool, runId, [...groups.values()])
    },
  }
}

/** Notices about rows that name the same Record and are not invalid. */
export function repeatedNotices({ repeatedRows, laterRows }: StageComparison): Notice[] {
  return [
    ...(repeatedRows > 0
      ? [
          notice(
            'repeated-rows',
            `${repeatedRows === 1 ? '1 row is' : `${repeatedRows} rows are`} equal to another row; each record counts once.`,
            { rows: repeatedRows },
          ),
        ]
      : []),
    ...(laterRows > 0
      ? [
          notice(
            'later-rows',
            `${laterRows === 1 ? '1 row has' : `${laterRows} rows have`} the same identifier as an earlier row; the first row counts.`,
            { rows: laterRows },
          ),
        ]
      : []),
  ]
}
