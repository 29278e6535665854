import type { ClientBase, Pool } from 'pg'
import type { Entry, EntryState, Managed } from '../../model/entry.ts'
import { refName, type Key, type RecordRef } from '../../model/record.ts'
import type { Period } from '../../model/period.ts'
import { lastAddition } from './marks.ts'

const milliseconds = (moment: string) => `(extract(epoch from ${moment}) * 1000)::float8`

interface EntryRow {
  readonly at: number
  readonly key: Key | null
  readonly group_id: string
  readonly state: EntryState
  readonly present: boolean
  readonly returned: boolean
  readonly desired: string | null
  readonly managed: Managed
  readonly tries: number
  readonly retry_at: number | null
  readonly run_id: number
  readonly sent_from: number | null
  readonly sent_to: number | null
  readonly target_id: string | null
  readonly fingerprints: string | null
}

/**
 * The Entries of these Records by `refName`, as far as they have one, and the time by the database's clock. Entries of
 * other groups of the same Keys may be among them.
 */
export async function readEntries(
  pool: Pool | ClientBase,
  activationId: number,
  records: readonly RecordRef[],
): Promise<{ readonly at: number; readonly entries: ReadonlyMap<string, Entry> }> {
  const groups = [...new Set(records.map(({ group }) => group))]
  const { rows } = await pool.query<EntryRow>({
    name: 'read-entries',
    text: `select ${milliseconds('now()')} as at, n.key, n.group_id, n.state, n.present, n.returned, n.desired, n.managed, n.tries, ${milliseconds('n.retry_at')} as retry_at, n.run_id::float8 as run_id,
             ${milliseconds('n.sent_from')} as sent_from, ${milliseconds('n.sent_to')} as sent_to, n.target_id, n.fingerprints
           from (select) one left join snapshot n on n.activation_id = $1 and n.key = any($2::text[]) and n.group_id = any($3::text[])`,
    values: [activationId, [...new Set(records.map(({ key }) => key))], groups],
  })
  const entries = new Map<string, Entry>()
  for (const {
    key,
    group_id: group,
    retry_at: retryAt,
    run_id: runId,
    sent_from: from,
    sent_to: to,
    target_id: targetId,
    state,
    present,
    returned,
    desired,
    managed,
    tries,
    fingerprints,
  } of rows) {
    if (key !== null)
      entries.set(refName({ key, group }), {
        state,
        present,
        returned,
        desired,
        managed,
        tries,
        retryAt,
        runId,
        sent: from === null || to === null ? null : { from, to },
        targetId,
        fingerprints,
      })
  }
  return { at: rows[0]?.at ?? 0, entries }
}

/** What the Ledger knows of a Record. */
export interface RecordHistory {
  readonly done: number
  readonly isRejectedInPart: boolean
  readonly archivedByUs: boolean
  readonly lastAddition: Period | null
}

/**
 * What the Ledger knows of these Records with respect to a Run (src/rules/settlement/settled-line.ts), by `refName`.
 */
export async function readHistories(
  pool: Pool | ClientBase,
  activationId: number,
  runId: number,
  records: readonly (RecordRef & { readonly targetId: string | null })[],
): Promise<ReadonlyMap<string, RecordHistory>> {
  const { rows } = await pool.query<
    Omit<RecordHistory, 'lastAddition'> & RecordRef & { since: number | null; until: number | null }
  >({
    name: 'read-histories',
    text: `select settled.key, settled.group_id as "group", here.done, here.rejected as "isRejectedInPart", coalesce(archived.managed, false) as "archivedByUs",
             ${milliseconds('added.managed_since')} as since, ${milliseconds('added.managed_until')} as until
           from unnest($3::text[], $4::text[], $5::text[]) as settled (key, group_id, target_id)
           cross join lateral (
             select count(*) filter (where l.status in ('delivered', 'in-place'))::int as done, coalesce(bool_or(l.kind = 'reject'), false) as rejected
             from ledger l where l.activation_id = $2 and l.key = settled.key and l.group_id = settled.group_id and l.run_id = $1) here
           left join lateral (
             select l.kind = 'archive' and (l.reason = 'left' or l.managed) as managed from ledger l
             where l.activation_id = $2 and l.key = settled.key and l.target_id = settled.target_id and l.run_id < $1 and l.status in ('delivered', 'in-place', 'unconfirmed')
             order by l.run_id desc, l.ordinal desc limit 1) archived on true
           left join lateral (${lastAddition('$2', 'settled')}) added on true`,
    values: [
      runId,
      activationId,
      records.map(({ key }) => key),
      records.map(({ group }) => group),
      records.map(({ targetId }) => targetId),
    ],
  })
  return new Map(
    rows.map(({ key, group, since, until, ...rest }) => [
      refName({ key, group }),
      { ...rest, lastAddition: since === null || until === null ? null : { from: since, to: until } },
    ]),
  )
}
