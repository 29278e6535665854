import type { ClientBase, Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import type { OperationKind } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import { unknownClockMs } from '../../model/period.ts'

/** The lease of a Run: every mark and settlement carries it, and fails if the Run was taken over meanwhile. */
export interface RunLease {
  readonly runId: number
  readonly activationId: number
  readonly attempt: number
}

/** Operations of one kind that are marked, sent and settled together, by their ordinals; identified by the first. */
export interface Batch {
  readonly kind: OperationKind
  readonly ordinals: readonly number[]
  /**
   * For links of unknown earlier state that were read just now: whether they were absent. Only those are managed once
   * added.
   */
  readonly read?: readonly { readonly ordinal: number; readonly isAbsent: boolean }[]
}

export interface SettledOutcome {
  readonly ordinal: number
  readonly outcome: Outcome
  /** Fingerprints of the Fields now, if they differ from the Plan (src/rules/fingerprints.ts). */
  readonly fingerprints?: string
  /** The values set, as JSON, if the Target stores some in another form than planned. */
  readonly asks?: string
}

/**
 * Converts a time of this database's clock (of a Run `r`) to the Target's clock; if the difference is unknown, the
 * earliest or latest possible time.
 */
export const byTargetsClock = (moment: string, towards: '-' | '+'): string =>
  `(${moment} + coalesce(r.clock_ahead_ms * interval '1 millisecond', interval '${towards}${unknownClockMs} milliseconds'))`

/**
 * When we last added what is managed: while its removal is unconfirmed, this tells our link from a link of another
 * party.
 */
export const lastAddition = (
  activation: string,
  link: string,
) => `select ${byTargetsClock('coalesce(l.since, r.started_at)', '-')} as managed_since, ${byTargetsClock('l.at', '+')} as managed_until
  from ledger l join run r on r.id = l.run_id
  where l.activation_id = ${activation} and l.key = ${link}.key and l.group_id = ${link}.group_id and l.kind = 'attach' and l.managed order by l.run_id desc limit 1`

/** SQL: ordinals of the lines of this Run without an Outcome, of batches that were handed to a job of the Target. */
export const ordinalsAtWork = (runId: string): string =>
  `select w_line from batch w, unnest(w.ordinals) as w_line where w.run_id = ${runId} and w.ticket is not null and w.settled_at is null
    and not exists (select from ledger l where l.run_id = w.run_id and l.ordinal = w_line)`

export function leaseLost(): Fault {
  return new Fault('transient', 'This Run was taken over by another process.', {
    code: 'lease-lost',
    advice: 'See the newer Run; this Run saved nothing more.',
  })
}

/**
 * Within a transaction: ensures until its end that the lease is valid. Returns the Run's start and the current time, in
 * unix milliseconds by the database's clock.
 */
export async function requireLease(
  client: ClientBase,
  { runId, attempt }: RunLease,
): Promise<{ readonly startedAt: number; readonly at: number }> {
  const {
    rows: [run],
  } = await client.query<{ startedAt: number; at: number }>(
    `select (extract(epoch from started_at) * 1000)::float8 as "startedAt", (extract(epoch from now()) * 1000)::float8 as at from run where id = $1 and attempt = $2 and finished_at is null for share`,
    [runId, attempt],
  )
  if (run === undefined) throw leaseLost()
  return run
}

/**
 * Marks batches as unconfirmed before they are sent. Returns that time, in unix milliseconds by the database's clock.
 */
export async function markBatches(pool: Pool, lease: RunLease, batches: readonly Batch[]): Promise<number> {
  const read = batches.flatMap((batch) => batch.read ?? [])
  if (read.length > 0) {
    await pool.query(
      `update operation p set certain = o.certain from unnest($2::bigint[], $3::bool[]) as o (ordinal, certain) where p.run_id = $1 and p.ordinal = any($2::bigint[]) and p.ordinal = o.ordinal`,
      [lease.runId, read.map(({ ordinal }) => ordinal), read.map(({ isAbsent }) => isAbsent)],
    )
  }
  const { rows } = await pool.query<{ at: number }>({
    name: 'mark-batches',
    text: `insert into batch (run_id, first_ordinal, last_ordinal, attempt, ordinals)
           select lease.id, b.first, b.last, lease.attempt, b.ordinals::bigint[]
           from (select id, attempt from run where id = $1 and attempt = $2 and finished_at is null for share) lease,
             unnest($3::bigint[], $4::bigint[], $5::text[]) as b (first, last, ordinals)
           returning (extract(epoch from marked_at) * 1000)::float8 as at`,
    values: [
      lease.runId,
      lease.attempt,
      batches.map(({ ordinals }) => ordinals[0]),
      batches.map(({ ordinals }) => ordinals[ordinals.length - 1]),
      batches.map(({ ordinals }) => `{${ordinals.join(',')}}`),
    ],
  })
  const [first] = rows
  if (first === undefined || rows.length !== batches.length) throw leaseLost()
  return first.at
}

/** Writes for every Operation without an answer why it is on hold; the next Run plans it again. */
export async function writeRestOnHold(pool: Pool, lease: RunLease, code: string, message: string): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into ledger (run_id, ordinal, attempt, activation_id, key, group_id, kind, reason, status, code, message)
     select p.run_id, p.ordinal, $2, $3, p.key, p.group_id, p.kind, p.reason, 'on-hold', $4, $5
     from operation p
     where p.run_id = $1 and exists (select from run where id = $1 and attempt = $2 and finished_at is null)
       and not exists (select from ledger l where l.run_id = $1 and l.ordinal = p.ordinal)
       and p.ordinal not in (${ordinalsAtWork('$1')})`,
    [lease.runId, lease.attempt, lease.activationId, code, message],
  )
  return rowCount ?? 0
}

export interface UnsettledBatch extends Batch {
  /** In unix milliseconds by the database's clock. */
  readonly markedAt: number
}

/**
 * Batches that this Run marked and did not settle. Its process no longer sends anything; their outcome is not saved. Those
 * with a ticket are left out: a later Run collects them.
 */
export async function readUnsettled(pool: Pool, { runId, attempt }: RunLease): Promise<readonly UnsettledBatch[]> {
  const { rows } = await pool.query<UnsettledBatch>({
    name: 'marked-ordinals',
    text: `select o.kind, array_agg(o.ordinal::float8 order by o.ordinal) as ordinals, (extract(epoch from b.marked_at) * 1000)::float8 as "markedAt"
     from batch b join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
     where b.run_id = $1 and b.attempt = $2 and b.settled_at is null and b.ticket is null group by b.first_ordinal, b.marked_at, o.kind order by b.first_ordinal`,
    values: [runId, attempt],
  })
  return rows
}
