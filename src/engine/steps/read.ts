import { digestStage } from '../../bookkeeping/digests.ts'
import type { Stage } from '../../bookkeeping/stage.ts'
import type { StageRows } from '../../store/snapshot/staged-records.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import type { OpenConnections } from './open.ts'
import { openInvalidRows, type InvalidRowKeeper } from './read/keep-invalid-rows.ts'
import { readRows } from './read/read-rows.ts'
import type { RowMapper } from './read/row-mapper.ts'

/** The query's result in the Stage. */
export interface StagedRows {
  /** Where the rows are. */
  readonly staged: StageRows
  readonly read: number
  readonly invalid: number
  readonly invalidRows: InvalidRowKeeper
  /** Names of the groups that rows contain, by the name as compared. Undefined if the Activation names its groups. */
  readonly names: ReadonlyMap<string, string> | undefined
  /** Digest of the result, if the Plan must be exact. */
  readonly digest: string | undefined
}

/** Reads the query's rows, maps them, and copies them to the Stage page by page. */
export async function readIntoStage(
  context: RunContext,
  progress: RunProgress,
  { session }: Pick<OpenConnections, 'session'>,
  {
    stage,
    mapper,
    rowsNameGroups,
  }: { readonly stage: Stage; readonly mapper: RowMapper; readonly rowsNameGroups: boolean },
): Promise<StagedRows> {
  const { activation, ports, lease, remember, exact = false } = context
  const invalidRows = openInvalidRows(ports.database, lease.runId, remember)
  const { read, invalid, staged } = await readRows({
    session,
    query: activation.query,
    stage,
    signal: progress.readSignal,
    mapper,
    onInvalid: (found) => invalidRows.add(found),
    onPage: (rows, invalidSoFar) => {
      progress.counts = { ...progress.counts, read: rows, invalid: invalidSoFar }
      progress.show()
    },
  })
  const digest = exact ? `${read}:${invalid}:${await digestStage(ports.database, staged)}` : undefined
  return { read, invalid, staged, invalidRows, names: rowsNameGroups ? mapper.names() : undefined, digest }
}
