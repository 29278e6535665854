import type { Pool } from 'pg'
import type { RecordChange, UnansweredCreation } from '../../model/change.ts'
import type { Fields } from '../../model/field.ts'
import type { Period } from '../../model/period.ts'

interface RecordChangeRow extends Omit<RecordChange, 'before' | 'after' | 'sent'> {
  readonly ordinal: number
  readonly before: string | null
  readonly after: string | null
  /** What an earlier create without an answer asked for. */
  readonly asked: string | null
  readonly sent_from: number | null
  readonly sent_to: number | null
}

const milliseconds = (moment: string) => `extract(epoch from ${moment})::float8 * 1000`
const fieldsIn = (json: string | null): Fields => (json === null ? {} : (JSON.parse(json) as Fields))
const periodOf = (from: number | null, to: number | null): Period | null =>
  from === null || to === null ? null : { from, to }

/**
 * What later Runs did to the same Record, except finding it as desired, or to its target record (`targetId`) under
 * another Key: a row may name it by another identifier.
 */
const later = (targetId: string) => `left join lateral (
    select array_agg(distinct f.name) filter (where f.name is not null) as fields, max(k.run_id)::int as run
    from ledger k left join lateral json_object_keys(k.after::json) as f (name) on true
    where k.activation_id = $1 and (k.key = l.key or k.target_id = ${targetId}) and k.run_id > $2 and k.status = 'delivered' and k.kind <> 'skip'
  ) later on true`

/** The last create without an answer, if this line settles it. */
const unanswered = `left join lateral (
    select u.after, u.at from ledger u
    where l.reason = 'unconfirmed' and u.activation_id = $1 and u.key = l.key and u.run_id < $2 and u.kind in ('create', 'upsert') and u.status = 'unconfirmed' and u.at >= l.since
    order by u.run_id desc limit 1
  ) u on true`

/**
 * What a Run did to target records with fields, from its Ledger, page by page. Includes an unconfirmed create that this
 * Run found and confirmed as ours.
 */
export async function* readRecordChanges(
  pool: Pool,
  activationId: number,
  runId: number,
  pageSize: number,
): AsyncIterable<readonly RecordChange[]> {
  for (let after = 0; ;) {
    const { rows } = await pool.query<RecordChangeRow>(
      `select l.ordinal::float8 as ordinal, l.key, case l.kind when 'skip' then 'create' else l.kind end as kind, l.target_id as "targetId",
         l.managed as created, l.before, l.after, case when l.kind in ('skip', 'update') and l.managed then u.after end as asked,
         ${milliseconds('l.since')} as sent_from, ${milliseconds('coalesce(u.at, l.since)')} as sent_to, coalesce(later.fields, '{}') as later, later.run as "laterRun"
       from ledger l ${later('l.target_id')} ${unanswered}
       where l.activation_id = $1 and l.run_id = $2 and l.status = 'delivered' and l.target_id is not null
         and (l.kind in ('create', 'update', 'upsert', 'delete', 'archive', 'restore') or (l.kind = 'skip' and l.managed))
         and l.ordinal > $3 order by l.ordinal limit $4`,
      [activationId, runId, after, pageSize],
    )
    if (rows.length > 0) yield rows.map(asChange)
    const last = rows[rows.length - 1]
    if (last === undefined || rows.length < pageSize) return
    after = last.ordinal
  }
}

/** For a create that was only found, the values of the create win; for one that was also updated, the last values. */
function asChange({ before, after, asked, sent_from: from, sent_to: to, ...row }: RecordChangeRow): RecordChange {
  return {
    ...row,
    before: before === null ? null : fieldsIn(before),
    after:
      row.kind === 'create' ? { ...fieldsIn(after), ...fieldsIn(asked) } : { ...fieldsIn(asked), ...fieldsIn(after) },
    sent: row.kind === 'create' || row.kind === 'upsert' ? periodOf(from, to) : null,
  }
}

interface UnansweredRow extends Omit<UnansweredCreation, 'after' | 'sent'> {
  readonly after: string | null
  readonly found: string | null
  readonly sent_from: number
  readonly sent_to: number
}

/**
 * Creates that a Run sent and that got no answer: from its Ledger, or from the Snapshot alone if its process died. With
 * the target record that a later Run found, if any.
 */
export async function readUnansweredCreations(
  pool: Pool,
  activationId: number,
  runId: number,
): Promise<UnansweredCreation[]> {
  const { rows } = await pool.query<UnansweredRow>(
    `select l.key, l.after, s.after as found, s.target_id as "targetId", coalesce(s.created, false) as created, coalesce(later.fields, '{}') as later, later.run as "laterRun",
       ${milliseconds('l.sent_from')} as sent_from, ${milliseconds('l.sent_to')} as sent_to
     from (
       select u.key, u.after, coalesce(u.since, r.started_at) as sent_from, u.at as sent_to from ledger u join run r on r.id = u.run_id
       where u.activation_id = $1 and u.run_id = $2 and u.kind in ('create', 'upsert') and u.status = 'unconfirmed'
       union all
       select n.key, null, n.sent_from, n.sent_to from snapshot n
       where n.activation_id = $1 and n.run_id = $2 and n.state = 'unconfirmed' and n.sent_from is not null and n.managed = 'unconfirmed'
         and not exists (select from ledger k where k.run_id = $2 and k.key = n.key and k.kind in ('create', 'upsert'))
     ) l left join lateral (
       select k.target_id, k.managed as created, k.after from ledger k
       where k.activation_id = $1 and k.key = l.key and k.run_id > $2 and k.status in ('delivered', 'in-place') and k.target_id is not null order by k.run_id limit 1
     ) s on true ${later('s.target_id')} order by l.key`,
    [activationId, runId],
  )
  return rows.map(({ after, found, sent_from: from, sent_to: to, ...row }) => ({
    ...row,
    after: after === null && found === null ? null : { ...fieldsIn(found), ...fieldsIn(after) },
    sent: { from, to },
  }))
}
