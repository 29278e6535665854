import type { WarehouseSession } from '../connect/warehouse.ts'
import type { Refusal } from '../model/record.ts'
import { mapPage } from '../sync/map.ts'
import type { Stage } from '../store/stage.ts'
import type { Activation } from './activation.ts'

const pageSize = 10_000
/** So many are kept by name for each Run; all are counted. */
export const namedRefusals = 1000

export interface ReadResult {
  readonly read: number
  readonly refused: number
  readonly refusals: readonly Refusal[]
}

/** Read, map, stage: page by page, so memory does not grow with the query. The Stage is sealed only after a clean end. */
export async function readRows(
  session: WarehouseSession, activation: Activation, stage: Stage, signal: AbortSignal, onPage: (read: number, refused: number) => void,
): Promise<ReadResult> {
  const { column } = activation.identifier
  let read = 0
  let refused = 0
  const refusals: Refusal[] = []
  for await (const page of session.read(activation.query, { columns: [column], pageSize, signal })) {
    const mapped = mapPage(page, read + 1, column)
    read += page.length
    refused += mapped.refusals.length
    for (const refusal of mapped.refusals.slice(0, namedRefusals - refusals.length)) refusals.push(refusal)
    await stage.add(mapped.keys)
    onPage(read, refused)
  }
  signal.throwIfAborted()
  await stage.seal()
  return { read, refused, refusals }
}
