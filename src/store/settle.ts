import type { Pool } from 'pg'
import { Fault } from '../model/fault.ts'
import { fieldPrintLength } from '../model/field.ts'
import type { OperationKind } from '../model/operation.ts'
import type { Outcome } from '../model/outcome.ts'
import { unknownClockMs } from '../model/period.ts'
import { textArray } from './text-array.ts'

/** Who holds a Run: every mark and settlement carries it, and fails when the Run was taken over meanwhile. */
export interface Holder {
  readonly runId: number
  readonly activationId: number
  readonly attempt: number
}

/** Operations of one kind that are marked, sent and settled together, by their ordinals; named by the first. */
export interface Batch {
  readonly kind: OperationKind
  readonly ordinals: readonly number[]
  /** Additions of which nobody knew whether they were there already, and a read just now shows which members are not: these are ours once added. */
  readonly absent?: readonly { readonly ordinal: number; readonly members: readonly string[] }[]
}

export interface SettledOutcome {
  readonly ordinal: number
  readonly outcome: Outcome
  /** What the Fields are by now, where that is not what was planned (src/sync/prints.ts). */
  readonly prints?: string
  /** The values set, as JSON, where the Target keeps some in another form than planned. */
  readonly asks?: string
}

export interface SettledBatch {
  readonly batch: Batch
  readonly outcomes: readonly SettledOutcome[]
}

/**
 * A moment of this database's clock (of a Run `r`) by the Target's own clock; as early, or as late, as it can be where nobody knows by how
 * much they differ.
 */
export const byTargetsClock = (moment: string, towards: '-' | '+'): string =>
  `(${moment} + coalesce(r.clock_ahead_ms * interval '1 millisecond', interval '${towards}${unknownClockMs} milliseconds'))`

/** When what is ours on a thing was last put there: for as long as its removal is in doubt, that tells ours from theirs. */
export const lastAddition = (activation: string, key: string) => `select ${byTargetsClock('coalesce(l.since, r.started_at)', '-')} as ours_since, ${byTargetsClock('l.at', '+')} as ours_until
  from ledger l join run r on r.id = l.run_id
  where l.activation_id = ${activation} and l.key = ${key} and l.kind = 'attach' and l.members <> '{}' order by l.run_id desc limit 1`

/** Its identifier names another thing by now: what was ours on the old one says nothing of it. */
const otherThing = `n.prints is not null and excluded.target_id is distinct from n.target_id`

/** A creation in doubt, and again: the first may be what made it. */
const createsAgain = `$14 = any('{create,upsert}') and excluded.state = 'unconfirmed' and n.state = 'unconfirmed' and 'creating' = any(n.ours)`

/** What an addition in doubt put there may be what a removal, in doubt as well, left there. */
const stillInDoubt = `$14 = any('{detach,delete,archive}') and excluded.state = 'unconfirmed' and n.state = 'unconfirmed' and n.doubt_from is not null`

const onePrint = `.{${fieldPrintLength}}`

/** Of what was settled, the Fields that another writing asks to be the same: the others it touches, and nobody knows how far that went. */
export const commonPrints = (settled: string, asked: string) => `(select coalesce(string_agg(m.piece[1], ''), '') from regexp_matches(${settled}, '${onePrint}', 'g') as m (piece)
  where m.piece[1] = any(array(select w.piece[1] from regexp_matches(${asked}, '${onePrint}', 'g') as w (piece))))`

/**
 * What a creation brought back from the archive is ours where we had put it there because its row left, or to take its creation back, and
 * nothing was seen of it since: what a person brought back in between is theirs.
 */
const archivedByUs = `coalesce((select l.kind = 'archive' and (l.reason = 'left' or l.members @> '{created}') from ledger l
  where l.activation_id = $3 and l.key = answered.key and l.target_id = answered.thing and l.run_id < $1 and l.status in ('delivered', 'in-place', 'unconfirmed')
  order by l.run_id desc, l.ordinal desc limit 1), false)`

/** With a thing that goes away, a creation of it that was in doubt is over, too. */
const takenBack = `(a.members || case when a.kind in ('archive', 'delete') then '{creating}'::text[] else '{}' end)`

/**
 * The members that count as put on or taken off by this Operation: what the answer tells, or else all. Of an addition whose thing nobody had
 * read before it, only what is known not to have been there; of a removal whose answer tells nothing, what certainly was.
 */
const claimed = `case when p.kind = 'attach' and p.held is not null
    then array(select unnest(coalesce(o.changed::text[], case when o.status = 'delivered' then p.members else '{}' end)) intersect select unnest(p.held) order by 1)
    else coalesce(o.changed::text[], case when o.status = 'delivered' then coalesce(p.held, p.members) else '{}' end) end`

/** What was in place beside what this Operation put on, where that becomes ours: it was settled before anything was sent. */
const adoptedBeside = `case when parts > 1 then array(select unnest(l.members) from ledger l
  where l.run_id = $1 and l.activation_id = $3 and l.key = answered.key and l.kind = 'skip' and l.code = 'in-place') else '{}' end`

/** Keys of what the Snapshot may forget. Without them the server would look through all of the Activation's. */
const forgettable = `array(select key from answered where reason = 'left' or forgets)`

export function leaseLost(): Fault {
  return new Fault('transient', 'This Run was taken over by another process.', {
    code: 'lease-lost', advice: 'Look at the newer Run; this one wrote nothing more.',
  })
}

/** Marks batches in doubt, before they are sent. */
export async function markBatches(pool: Pool, holder: Holder, batches: readonly Batch[]): Promise<void> {
  const absent = batches.flatMap((batch) => batch.absent ?? [])
  if (absent.length > 0) {
    await pool.query(
      `update operation p set held = o.members::text[] from unnest($2::bigint[], $3::text[]) as o (ordinal, members) where p.run_id = $1 and p.ordinal = o.ordinal`,
      [holder.runId, absent.map(({ ordinal }) => ordinal), absent.map(({ members }) => textArray(members))])
  }
  const { rowCount } = await pool.query({
    name: 'mark-batches',
    text: `insert into batch (run_id, first_ordinal, last_ordinal, attempt, ordinals)
           select held.id, b.first, b.last, held.attempt, b.ordinals::bigint[]
           from (select id, attempt from run where id = $1 and attempt = $2 and finished_at is null for share) held,
             unnest($3::bigint[], $4::bigint[], $5::text[]) as b (first, last, ordinals)`,
    values: [holder.runId, holder.attempt, batches.map(({ ordinals }) => ordinals[0]),
      batches.map(({ ordinals }) => ordinals[ordinals.length - 1]), batches.map(({ ordinals }) => `{${ordinals.join(',')}}`)],
  })
  if (rowCount !== batches.length) throw leaseLost()
}

/**
 * Settles batches: Ledger and Snapshot move together, in one statement, from Outcomes alone, and only while the Run is ours.
 * A Record that is `on-hold` leaves the Snapshot as it was, so it is still different and the next Run plans it again.
 * `not-found` and `conflict` are asked again by the next Run, then after 1 hour, 2, 4 … at most 7 days; other rejections wait
 * for the row to change or for a person. What was put on is ours from now on; what was taken off is no more; a Record that left
 * the query is forgotten once that is off, and so is one that an undo brought back to what it was before us; an undo that the
 * Target refuses leaves the Snapshot as it was. What is in doubt counts as ours until it is read: nobody had put it there before;
 * read as a person's, it is no longer ours. `creating` among what is ours: a creation is in doubt; what a creation brought back
 * from the archive is ours again where we had archived it. What was settled of a Field that a
 * write in doubt, or refused, asked to be otherwise is not known any more. A Record with several Operations in this Run is held as asked only when
 * the other ones were answered well, too; until then it stays different.
 *
 * `limit 1` keeps the planner from joining in any other way than by index: a plan it made for the first batches,
 * before it knows the sizes, would read the whole Plan for each.
 */
export async function settleBatches(pool: Pool, holder: Holder, batches: readonly SettledBatch[]): Promise<void> {
  // A Record may be added to and removed from in one Run; one statement can touch its Snapshot only once.
  for (const kind of new Set(batches.map(({ batch }) => batch.kind))) {
    await settleAlike(pool, holder, kind, batches.filter(({ batch }) => batch.kind === kind))
  }
}

async function settleAlike(pool: Pool, holder: Holder, kind: OperationKind, batches: readonly SettledBatch[]): Promise<void> {
  const outcomes = batches.flatMap((batch) => batch.outcomes)
  const columns = outcomeColumns(outcomes)
  const known = (column: 'prints' | 'asks') => outcomes.some((each) => each[column] !== undefined) ? outcomes.map((each) => each[column] ?? null) : []
  const { rows } = await pool.query<{ held: string }>({
    name: 'settle-batches',
    text: `with held as (
        select id from run where id = $1 and attempt = $2 and finished_at is null for share
      ), answered as (
        select o.ordinal, p.key, p.kind, p.reason, p.wants, p.wanted, p.waits, p.parts, p.members, p.held, o.status, o.code, o.message, o.field, o.http_status, o.request_id, o.target_id,
          p.doubt_from, p.forgets, b.marked_at, ${claimed} as changed,
          coalesce(o.target_id, p.target_id) as thing, p.target_id as sought, p.before, coalesce(o.asks, p.asks) as asks, coalesce(o.prints, p.prints) as prints,
          count(*) filter (where o.status in ('delivered', 'in-place')) over (partition by p.key) as done_here
        from held, unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::text[], $12::text[], $13::text[], $15::text[], $16::text[])
          with ordinality as o (ordinal, status, code, message, field, http_status, request_id, target_id, changed, prints, asks, n)
        cross join lateral (select key, kind, reason, wants, wanted, waits, parts, members, held, doubt_from, forgets, target_id, before, asks, prints from operation where run_id = $1 and ordinal = o.ordinal limit 1) p
        left join lateral (select marked_at from batch where run_id = $1 and attempt = $2 and first_ordinal = ($17::bigint[])[o.n] limit 1) b on true
      ), written as (
        insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code, message, field, http_status, request_id, target_id, members, asked, since, before, after)
        select $1, ordinal, $2, $3, key, kind, reason, status, code, message, field, http_status, request_id, thing, changed, case when changed is distinct from members then members end,
          coalesce(to_timestamp(doubt_from / 1000), case when kind in ('attach', 'detach') then marked_at end), before, asks from answered
      ), forgotten as (
        delete from snapshot n using answered a
        where n.activation_id = $3 and n.key = a.key and n.key = any(${forgettable}) and a.status in ('delivered', 'in-place')
          and ((a.reason = 'left' and not a.waits) or (a.forgets and n.ours <@ ${takenBack}))
      ), lessened as (
        update snapshot n set wants = null, prints = null, ours = array(select unnest(n.ours) except select unnest(a.members) order by 1)
        from answered a
        where n.activation_id = $3 and n.key = a.key and n.key = any(${forgettable}) and a.status in ('delivered', 'in-place')
          and ((a.reason = 'left' and a.waits) or (a.forgets and not n.ours <@ ${takenBack}))
      ), believed as (
        insert into snapshot as n (activation_id, key, state, wants, wanted, ours, tries, retry_at, run_id, doubt_from, doubt_to, target_id, prints)
        select $3, key, case when status = 'rejected' or in_part then 'rejected' when status = 'unconfirmed' then 'unconfirmed' else 'synced' end,
          case when ((complete or in_part) and not waits) or (status = 'rejected' and prints is not null) then wants end, wanted,
          case when kind = 'attach' then case when status = 'unconfirmed' then coalesce(held, members) else changed end || ${adoptedBeside} when kind = any('{create,upsert}') and status = 'unconfirmed' then '{creating}'
            when kind = any('{create,upsert}') and changed = '{restored}' then case when ${archivedByUs} then '{created}'::text[] else '{}' end
            when kind = 'update' then members when kind = any('{create,upsert,restore}') then changed else '{}' end,
          case when status = 'rejected' or in_part then 1 else 0 end, case when (status = 'rejected' and code in ('not-found', 'conflict')) or in_part then now() end, $1,
          case when status <> 'unconfirmed' then null when kind = 'detach' then ours_since else coalesce(marked_at, (select started_at from run where id = $1)) end,
          case when status <> 'unconfirmed' then null when kind = 'detach' then ours_until else now() end,
          case when (parts > 1 and kind <> all('{attach,detach}')) or (status = 'rejected' and code = 'not-found') then null when status = 'rejected' then sought else thing end,
          case when status in ('delivered', 'in-place') and complete then prints end
        from (select distinct on (key) * from answered order by key, array_position('{rejected,unconfirmed,on-hold,delivered,in-place}', status)) answered
        cross join lateral (select parts = 1 or done_here + (select count(*) from ledger l where l.run_id = $1 and l.key = answered.key
          and l.status in ('delivered', 'in-place')) >= parts as complete,
          parts > 1 and status in ('delivered', 'in-place') and exists (select from ledger l where l.run_id = $1 and l.key = answered.key and l.kind = 'reject') as in_part) c
        left join lateral (${lastAddition('$3', 'answered.key')}) added on status = 'unconfirmed' and kind = 'detach'
        where status <> 'on-hold' and not ((reason = 'left' or forgets) and status in ('delivered', 'in-place'))
          and not (reason = 'undo' and status = 'rejected')
        on conflict (activation_id, key) do update set
          state = excluded.state, wants = excluded.wants, wanted = excluded.wanted, returned = false,
          run_id = case when ${stillInDoubt} then n.run_id else excluded.run_id end,
          doubt_from = case when ${stillInDoubt} or ${createsAgain} then n.doubt_from else excluded.doubt_from end,
          doubt_to = case when ${stillInDoubt} then n.doubt_to else excluded.doubt_to end,
          target_id = excluded.target_id,
          prints = case when excluded.prints is not null then excluded.prints when n.prints is null or $14 = any('{delete,archive}') then n.prints
            else ${commonPrints('n.prints', '(select a.prints from answered a where a.key = excluded.key limit 1)')} end,
          ours = case when $14 = 'attach' and n.state = 'unconfirmed' and excluded.state = 'synced' and (select a.changed = '{}' from answered a where a.key = excluded.key limit 1)
              then array((select unnest(n.ours) except select unnest(a.members) from answered a where a.key = excluded.key) union select unnest(excluded.ours) order by 1)
            when $14 = any('{create,upsert}') or ($14 = 'update' and ${otherThing}) then excluded.ours
            when $14 = any('{attach,update,restore}') then array(select m.id from (select unnest(n.ours) union select unnest(excluded.ours)) as m (id) where m.id <> 'creating' order by 1)
            when n.ours = '{}' then n.ours
            else array(select unnest(n.ours) except select unnest(a.changed) from answered a where a.key = excluded.key order by 1) end,
          tries = case when excluded.state <> 'rejected' then 0 else n.tries + 1 end,
          retry_at = case when excluded.retry_at is null or n.tries = 0 then excluded.retry_at
            else excluded.retry_at + least(interval '1 hour' * power(2, least(n.tries - 1, 20)), interval '7 days') end
        -- Of several things that a Record goes to, the one that failed tells where the Record stands.
        where not ($14 = any('{create,upsert,update}') and n.run_id = excluded.run_id and n.state <> 'synced' and excluded.state = 'synced')
      ), done as (
        update batch set settled_at = now() from held where run_id = $1 and first_ordinal = any($4::bigint[]) and attempt = $2
      )
      select count(*) as held from held`,
    values: [holder.runId, holder.attempt, holder.activationId, batches.map(({ batch }) => batch.ordinals[0]), ...columns, kind, known('prints'), known('asks'),
      batches.flatMap(({ batch, outcomes: each }) => each.map(() => batch.ordinals[0]))],
  })
  if (rows[0]?.held !== '1') throw leaseLost()
}

/**
 * Settles all that the Plan asks nothing for, in one statement: no call is needed for it. Under `adopt`, what is in place already
 * becomes ours; what was in doubt and is confirmed to be our doing is ours. What an undo leaves alone stays in the Snapshot as it is. What cannot be delivered is refused, and what has to wait is on hold.
 */
export async function settleKept(pool: Pool, holder: Holder, adopt: boolean): Promise<void> {
  await pool.query(
    `with held as (
        select id from run where id = $1 and attempt = $2 and finished_at is null for share
      ), kept as (
        select p.*, count(*) over (partition by p.key) as here, bool_or(p.waits) over (partition by p.key) as is_waiting from held, operation p where p.run_id = $1 and p.kind in ('skip', 'reject', 'wait')
          and not exists (select from ledger l where l.run_id = $1 and l.ordinal = p.ordinal)
      ), written as (
        insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code, message, members, target_id, since, after)
        select $1, ordinal, $2, $3, key, kind, reason,
          case when kind = 'reject' then 'rejected' when kind = 'wait' then 'on-hold' when note = 'confirmed' then 'delivered' else 'in-place' end,
          coalesce(code, note), message, case when note = 'confirmed' or ($4 and note = 'in-place') then members else '{}' end, target_id, case when note = 'confirmed' then to_timestamp(doubt_from / 1000) end,
          case when note = 'confirmed' then asks end
        from kept
      ), forgotten as (
        delete from snapshot n using kept k where n.activation_id = $3 and n.key = k.key and k.reason = 'left' and k.kind = 'skip' and not k.waits
      )
      insert into snapshot as n (activation_id, key, state, wants, wanted, ours, run_id, target_id, prints, tries, retry_at)
      select $3, key, case kind when 'reject' then 'rejected' else 'synced' end, case when not is_waiting then wants end, wanted,
        case when note = 'confirmed' or ($4 and note = 'in-place') then members else '{}' end, $1, case when parts = 1 then target_id end, case kind when 'skip' then prints end,
        case kind when 'reject' then 1 else 0 end, case when kind = 'reject' and code in ('not-found', 'conflict') then now() end
      from (select distinct on (key) * from kept where reason not in ('left', 'undo') and kind <> 'wait' and parts = here order by key, ordinal) kept
      on conflict (activation_id, key) do update set
        state = excluded.state, wants = excluded.wants, wanted = excluded.wanted, returned = false, run_id = excluded.run_id, doubt_from = null, doubt_to = null,
        tries = case when excluded.state <> 'rejected' then 0 else n.tries + 1 end,
        retry_at = case when excluded.retry_at is null or n.tries = 0 then excluded.retry_at
          else excluded.retry_at + least(interval '1 hour' * power(2, least(n.tries - 1, 20)), interval '7 days') end,
        target_id = coalesce(excluded.target_id, n.target_id), prints = coalesce(excluded.prints, n.prints),
        ours = array(select m.id from (select unnest(n.ours) where not (${otherThing} and excluded.target_id is not null) union select unnest(excluded.ours)) as m (id) where m.id <> 'creating' order by 1)`,
    [holder.runId, holder.attempt, holder.activationId, adopt],
  )
}

/** A column of which nothing is known for any Record goes as an empty array: `unnest` fills it up with nulls. */
function outcomeColumns(outcomes: readonly { ordinal: number; outcome: Outcome }[]): unknown[][] {
  const columns: unknown[][] = [[], [], [], [], [], [], [], [], []]
  const known = [true, true, false, false, false, false, false, false, false]
  for (const { ordinal, outcome } of outcomes) {
    const cells = [
      ordinal, outcome.status, 'code' in outcome ? outcome.code : undefined, 'message' in outcome ? outcome.message : undefined,
      outcome.status === 'rejected' ? outcome.field : undefined, outcome.status === 'rejected' ? outcome.httpStatus : undefined,
      outcome.requestId, outcome.targetId, outcome.changed && textArray(outcome.changed),
    ]
    cells.forEach((cell, at) => {
      columns[at]?.push(cell)
      known[at] ||= cell !== undefined
    })
  }
  return columns.map((column, at) => known[at] === true ? column : [])
}

/** Writes down, for every Operation that was never answered, why: it is on hold, and the next Run plans it again. */
export async function holdTheRest(pool: Pool, holder: Holder, code: string, message: string): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into ledger (run_id, ordinal, attempt, activation_id, key, kind, reason, status, code, message)
     select p.run_id, p.ordinal, $2, $3, p.key, p.kind, p.reason, 'on-hold', $4, $5
     from operation p
     where p.run_id = $1 and exists (select from run where id = $1 and attempt = $2 and finished_at is null)
       and not exists (select from ledger l where l.run_id = $1 and l.ordinal = p.ordinal)`,
    [holder.runId, holder.attempt, holder.activationId, code, message],
  )
  return rowCount ?? 0
}
