import type { WarehouseSession } from '../../../connect/warehouse.ts'
import type { InvalidRow } from '../../../model/record.ts'
import type { Stage } from '../../../bookkeeping/stage.ts'
import type { StageRows } from '../../../store/snapshot/staged-records.ts'
import type { RowMapper } from './row-mapper.ts'

const pageSize = 10_000

export interface ReadResult {
  readonly read: number
  readonly invalid: number
  readonly staged: StageRows
}

export interface RowsReading {
  readonly session: WarehouseSession
  readonly query: string
  readonly stage: Stage
  readonly signal: AbortSignal
  readonly mapper: RowMapper
  /** Saves the rows that cannot become Records. */
  readonly onInvalid: (rows: readonly InvalidRow[]) => Promise<void>
  readonly onPage: (read: number, invalid: number) => void
}

/**
 * Reads, maps and stages page by page, so memory does not grow with the query. The Stage is sealed only after a clean
 * end.
 */
export async function readRows({
  session,
  query,
  stage,
  signal,
  mapper,
  onInvalid,
  onPage,
}: RowsReading): Promise<ReadResult> {
  let read = 0
  let invalid = 0
  for await (const page of session.read(query, { columns: mapper.columns, pageSize, signal })) {
    const mapped = mapper.map(page, read + 1)
    read += page.length
    invalid += mapped.invalidRows.length
    if (mapped.invalidRows.length > 0) await onInvalid(mapped.invalidRows)
    if (mapped.links !== undefined) await stage.addLinks(mapped.links)
    else if (mapped.identities === undefined) await stage.add(mapped.keys)
    else await stage.addNamed(mapped.keys, mapped.desired, mapped.identities)
    if (mapped.invalidKeys !== undefined) await stage.setAside(mapped.invalidKeys)
    onPage(read, invalid)
  }
  signal.throwIfAborted()
  return { read, invalid, staged: await stage.seal() }
}
