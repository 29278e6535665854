import type { WarehouseSession } from '../connect/warehouse.ts'
import type { Refusal } from '../model/record.ts'
import { namesIn, type MembersColumn } from '../sync/gather-wants.ts'
import { mapPage } from '../sync/map.ts'
import { nameSeparator, type Stage } from '../store/stage.ts'
import type { Activation } from './activation.ts'

const pageSize = 10_000
/** So many are kept by name for each Run; all are counted. */
export const namedRefusals = 1000

export interface ReadResult {
  readonly read: number
  readonly refused: number
  readonly refusals: readonly Refusal[]
  /** All names that some Record asks for, where a column says so: each once, without regard to case. */
  readonly names: readonly string[]
}

export interface Reading {
  readonly session: WarehouseSession
  readonly activation: Activation
  readonly stage: Stage
  readonly signal: AbortSignal
  /** The column of members, if there is one, and whether its cells are arrays. */
  readonly wants: (MembersColumn & { readonly isArray: boolean }) | undefined
  readonly onPage: (read: number, refused: number) => void
}

/** Read, map, stage: page by page, so memory does not grow with the query. The Stage is sealed only after a clean end. */
export async function readRows({ session, activation, stage, signal, wants, onPage }: Reading): Promise<ReadResult> {
  const { column } = activation.identifier
  const columns = wants === undefined ? [column] : [column, wants.column]
  let read = 0
  let refused = 0
  const refusals: Refusal[] = []
  const names = new Map<string, string>()
  for await (const page of session.read(activation.query, { columns, pageSize, signal })) {
    const mapped = mapPage(page, read + 1, column)
    read += page.length
    refused += mapped.refusals.length
    for (const refusal of mapped.refusals.slice(0, namedRefusals - refusals.length)) refusals.push(refusal)
    if (wants === undefined) await stage.add(mapped.keys)
    else await stage.add(mapped.keys, mapped.cells.map((cell) => {
      const asked = namesIn(cell, wants, wants.isArray)
      for (const name of asked) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
      return asked.join(nameSeparator)
    }))
    onPage(read, refused)
  }
  signal.throwIfAborted()
  await stage.seal()
  return { read, refused, refusals, names: [...names.values()] }
}
