import type { WarehouseSession } from '../connect/warehouse.ts'
import type { Refusal } from '../model/record.ts'
import type { Stage } from '../store/stage.ts'
import type { RowMapper } from './row-mapper.ts'

const pageSize = 10_000
/** So many are kept by name for each Run; all are counted. */
export const namedRefusals = 1000

export interface ReadResult {
  readonly read: number
  readonly refused: number
  readonly refusals: readonly Refusal[]
}

export interface Reading {
  readonly session: WarehouseSession
  readonly query: string
  readonly stage: Stage
  readonly signal: AbortSignal
  readonly mapper: RowMapper
  readonly onPage: (read: number, refused: number) => void
}

/** Read, map, stage: page by page, so memory does not grow with the query. The Stage is sealed only after a clean end. */
export async function readRows({ session, query, stage, signal, mapper, onPage }: Reading): Promise<ReadResult> {
  let read = 0
  let refused = 0
  const refusals: Refusal[] = []
  for await (const page of session.read(query, { columns: mapper.columns, pageSize, signal })) {
    const mapped = mapper.map(page, read + 1)
    read += page.length
    refused += mapped.refusals.length
    for (const refusal of mapped.refusals.slice(0, namedRefusals - refusals.length)) refusals.push(refusal)
    if (mapped.identities === undefined) await stage.add(mapped.keys, mapped.wants)
    else {
      await stage.addNamed(mapped.keys, mapped.wants ?? [], mapped.identities)
      await stage.setAside(mapped.refusedKeys ?? [])
    }
    onPage(read, refused)
  }
  signal.throwIfAborted()
  await stage.seal()
  return { read, refused, refusals }
}
