import type { z } from 'zod'
import type { Pool } from 'pg'
import { withoutAbsent } from '../../model/absent-groups.ts'
import { nounsWithoutObject } from '../../model/noun.ts'
import { knownRequests, noCounts } from '../../model/run.ts'
import type { LedgerEntry } from '../../store/ledger/ledger.ts'
import { findListedRun, type ListedRun } from '../../store/runs/run-pages.ts'
import type { runRecord, runSummary } from './contract.ts'
import { Fault } from '../../model/fault.ts'

export function showRun(run: ListedRun, now: number): z.output<typeof runSummary> {
  const {
    id,
    activation,
    status,
    purpose,
    undoes,
    undoneBy,
    startedAt,
    finishedAt,
    behavior,
    object,
    identifier,
    groups,
    counts,
    requests,
    notices,
    fault,
    allowed,
    worker,
    nouns,
  } = run
  const { leftAlone, ...shownCounts } = { ...noCounts, ...counts }
  return {
    run: id,
    activation,
    status,
    purpose,
    undoes,
    undoneBy,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    durationMs: Math.max(0, (finishedAt?.getTime() ?? now) - startedAt.getTime()),
    behavior,
    object,
    identifier,
    groups: withoutAbsent(groups),
    counts: shownCounts,
    leftAlone,
    requests: knownRequests(requests),
    notices: notices.map((each) => ({ ...each, data: { ...each.data } })),
    fault,
    allowed: [...allowed],
    worker,
    nouns: nouns ?? nounsWithoutObject(groups.length > 0),
  }
}

/** `nameOf` returns the name of a group by its id. */
export function showRecord(entry: LedgerEntry, nameOf: (id: string) => string): z.output<typeof runRecord> {
  const {
    ordinal,
    key,
    kind,
    reason,
    at,
    status,
    code,
    message,
    field,
    httpStatus,
    requestId,
    targetId,
    group,
    before,
    after,
  } = entry
  return {
    ordinal,
    record: key,
    operation: kind,
    reason,
    at: at.toISOString(),
    status,
    code,
    message,
    field,
    httpStatus,
    requestId,
    targetId,
    groups: group === '' ? [] : [nameOf(group)],
    before: before === null ? null : { ...before },
    after: after === null ? null : { ...after },
  }
}

/** Looks up names of the Run's groups by id; returns the id if the name is unknown. */
export function namesIn({ groups }: Pick<ListedRun, 'groups'>): (id: string) => string {
  const names = new Map(groups.map(({ name, id }) => [id, name]))
  return (id) => names.get(id) ?? id
}

export async function requireRun(pool: Pool, run: number): Promise<ListedRun> {
  const found = await findListedRun(pool, run)
  if (found === undefined)
    throw new Fault('usage', `There is no Run ${run}.`, {
      code: 'run-not-found',
      advice: 'List the Runs with GET /api/runs. Runs older than the retention time are deleted.',
    })
  return found
}
