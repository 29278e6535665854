import type { PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import type { Managed } from '../model/entry.ts'
import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { RecordRef } from '../model/record.ts'
import { desiredFingerprint } from '../store/plans/operations.ts'
import { isAbsent, isGone, type StagedRecords } from '../store/snapshot/staged-records.ts'

/** What is compared with the Snapshot, and how. */
export interface DifferenceRequest {
  readonly activationId: number
  readonly staged: StagedRecords
  /** Whether the behavior removes what left the query. */
  readonly removesWhatLeft: boolean
  /** The Run that last left Records on hold, if any. */
  readonly onHoldSince: number | undefined
}

/** Number of Keys that differ, by reason: of a Key with several links, whether links are added (`new`) or removed (`left`), or both. `pending`: an earlier Run planned them but could not finish them. */
export interface DifferenceCount {
  readonly reason: Reason
  readonly pending: boolean
  readonly records: number
}

/** Stage against Snapshot for one Record, in terms of the query. */
export interface StagedDifference extends RecordRef {
  readonly reason: Reason
  /** The values of a whole record, as staged; null: it is a link, or the query no longer asks for it. */
  readonly desired: string | null
  /** All its identifiers, as JSON; null: its Key is the only one, or the query no longer asks for it. */
  readonly identities: string | null
  readonly managed: Managed
  /** The target record's id, if known. */
  readonly targetId: string | null
  /** Its fingerprints when it was last settled (src/rules/fingerprints.ts); null: never settled. */
  readonly fingerprints: string | null
  /** For an unconfirmed Record: when it was sent, in unix milliseconds. */
  readonly sent: Period | null
  /** The query returned a row with this Key. */
  readonly isInQuery: boolean
  /** The Snapshot knows the Key from earlier Runs that had its row. */
  readonly isKnown: boolean
}

const pageSize = 1500

function milliseconds(column: string): string {
  return `extract(epoch from ${column})::float8 * 1000 as ${column}`
}

/** Of a link without an Entry: the target record of the Key's other links. */
const targetOfKey =
  'coalesce(n.target_id, (select k.target_id from snapshot k where k.activation_id = $1 and k.key = s.key and k.target_id is not null order by k.run_id desc limit 1))'

/**
 * The differences as a query. A link whose row came back counts as new, because another Activation may have removed it
 * meanwhile.
 */
function differencesSql({ staged }: DifferenceRequest): string {
  const fingerprint = desiredFingerprint('s.desired')
  return `with held as (select distinct key, group_id, reason = 'left' as gone from ledger where run_id = $3 and status = 'on-hold')
     select d.*, d.reason = 'retry' or (d.reason = 'unconfirmed' and d.sent_from is not null) or h.key is not null as pending,
       ${staged.isSingle ? `d.reason <> 'left' as in_query, d.reason <> 'new' as known` : `d.reason <> 'left' or q.key is not null as in_query, exists (select from snapshot k where k.activation_id = $1 and k.key = d.key and k.present) as known`}
     from (
       select s.key, s.group_id, s.desired, s.identities, coalesce(n.managed, 'no') as managed, ${staged.isSingle ? 'n.target_id' : targetOfKey} as target_id, n.fingerprints, case when n.key is null then 'new' when n.state = 'unconfirmed' then 'unconfirmed' when $4 and (n.returned or not n.present) then 'new'
           when n.state = 'rejected' and n.desired is not distinct from ${fingerprint} then 'retry' else 'changed' end as reason, n.sent_from, n.sent_to
         from ${staged.records} s left join snapshot n on n.activation_id = $1 and n.key = s.key and n.group_id = s.group_id
         where not s.aside and (n.key is null or n.state = 'unconfirmed' or ($4 and (n.returned or not n.present)) or n.desired is distinct from ${fingerprint} or (n.state = 'rejected' and n.retry_at <= now()))
       union all
       select n.key, n.group_id, null, null, n.managed, n.target_id, n.fingerprints, 'left', n.sent_from, n.sent_to from snapshot n
         where n.activation_id = $1 and $2 and n.managed <> 'no' and ${isGone(staged, 'n.key', 'n.group_id')}
      ) d left join held h on h.key = d.key and h.group_id = d.group_id and h.gone = (d.reason = 'left')
      ${staged.isSingle ? '' : `left join (select distinct key from ${staged.rows.relation} s) q on q.key = d.key`}`
}

function parameters({ staged, activationId, removesWhatLeft, onHoldSince }: DifferenceRequest): unknown[] {
  return [activationId, removesWhatLeft, onHoldSince ?? null, staged.areLinks]
}

/** Gathers all differences in a temporary table, so that they are counted before the first of them is processed. */
export async function gatherDifferences(client: PoolClient, request: DifferenceRequest): Promise<void> {
  await client.query(`create temp table difference on commit drop as ${differencesSql(request)}`, parameters(request))
}

/**
 * Counts and reads the differences in one statement, without a temporary table, whose creation costs more than a small
 * comparison. Undefined: they are more than a page.
 */
export async function readFewDifferences(
  client: PoolClient,
  request: DifferenceRequest,
): Promise<
  { readonly counts: readonly DifferenceCount[]; readonly differences: readonly StagedDifference[] } | undefined
> {
  const { rows } = await client.query<DifferenceRow & { counts: readonly DifferenceCount[] }>(
    `with difference as materialized (${differencesSql(request)})
     select ${differenceColumns}, (select json_agg(c) from (${countsSql(request.staged)}) c) as counts from difference order by key, group_id limit ${pageSize + 1}`,
    parameters(request),
  )
  if (rows.length > pageSize) return undefined
  return { counts: rows[0]?.counts ?? [], differences: rows.map(differenceOf) }
}

function countsSql({ isSingle }: StagedRecords): string {
  return isSingle
    ? 'select reason, pending, count(*)::float8 as records from difference group by reason, pending'
    : `select case when gone then 'left' else 'new' end as reason, pending, count(*)::float8 as records from (
      select reason = 'left' as gone, bool_or(pending) as pending from difference where not ${isAbsent('group_id')} group by key, reason = 'left'
    ) keys group by gone, pending`
}

/** Counts the gathered differences. */
export async function countDifferences(client: PoolClient, staged: StagedRecords): Promise<DifferenceCount[]> {
  const { rows } = await client.query<DifferenceCount>(countsSql(staged))
  return rows
}

type DifferenceRow = Omit<StagedDifference, 'sent'> & {
  readonly sent_from: number | null
  readonly sent_to: number | null
}

const differenceColumns = `key, group_id as "group", desired, identities, managed, target_id as "targetId", fingerprints, reason, ${milliseconds('sent_from')}, ${milliseconds('sent_to')}, in_query as "isInQuery", known as "isKnown"`

function differenceOf(row: DifferenceRow): StagedDifference {
  const { key, group, reason, desired, identities, managed, targetId, fingerprints, isInQuery, isKnown } = row
  const { sent_from: from, sent_to: to } = row
  const sent = from === null || to === null ? null : { from, to }
  return { key, group, reason, desired, identities, managed, targetId, fingerprints, sent, isInQuery, isKnown }
}

/** Reads the gathered differences in key order, page by page. */
export async function readDifferences(
  client: PoolClient,
  onPage: (page: readonly StagedDifference[]) => Promise<void>,
): Promise<void> {
  const cursor = client.query(
    new Cursor<DifferenceRow>(`select ${differenceColumns} from difference order by key, group_id`),
  )
  // pg-cursor does not report a connection that breaks between two reads.
  let breakOff: (error: Error) => void = () => undefined
  let broken: Error | undefined
  const onEnd = (): void => {
    broken = new Error('Connection terminated while it was read from.')
    breakOff(broken)
  }
  // Not a race with one long-lived promise: that promise would keep every page in memory.
  const unlessBroken = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      breakOff = reject
      if (broken !== undefined) reject(broken)
      work.then(resolve, reject)
    })
  client.once('end', onEnd)
  client.once('error', onEnd)
  try {
    for (;;) {
      const rows = await unlessBroken(cursor.read(pageSize))
      if (rows.length === 0) return
      await onPage(rows.map(differenceOf))
    }
  } finally {
    await unlessBroken(cursor.close()).finally(() => {
      client.off('end', onEnd)
      client.off('error', onEnd)
    })
  }
}
