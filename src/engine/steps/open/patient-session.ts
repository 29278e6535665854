import type { Warehouse, WarehouseSession } from '../../../connect/warehouse.ts'
import type { Log } from '../../../connect/io.ts'
import { Fault } from '../../../model/fault.ts'
import type { Connection } from '../../activation.ts'

/** Time limit for the warehouse to report columns, schema or its check. Reading rows has no such limit. */
const patienceMs = 60_000

interface Circumstances {
  readonly baseDir: string
  readonly log: Log
  readonly signal: AbortSignal
  readonly patienceMs?: number
}

/** A session for interactive use: every call except a read ends after a minute. */
export async function openPatiently(
  { name, spec, config }: Connection<Warehouse>,
  { baseDir, log, signal, patienceMs: patience = patienceMs }: Circumstances,
): Promise<WarehouseSession> {
  const silence = new AbortController()
  const within = async <T>(question: () => Promise<T>): Promise<T> => {
    const timer = setTimeout(() => silence.abort(silent(name, patience)), patience)
    try {
      return await question()
    } finally {
      clearTimeout(timer)
    }
  }
  const session = await within(() =>
    spec.open(config, { baseDir, log, signal: AbortSignal.any([signal, silence.signal]) }),
  )
  return {
    ...session,
    check: () => within(() => session.check()),
    columns: (sql) => within(() => session.columns(sql)),
    schema: () => within(() => session.schema()),
  }
}

function silent(name: string, ms: number): Fault {
  return new Fault('transient', `The warehouse "${name}" did not answer within ${ms / 1000} seconds.`, {
    code: 'warehouse-silent',
    advice:
      'Check whether the tables of the query are locked, for example by a rebuild, and whether the network passes the answers of the warehouse.',
  })
}
