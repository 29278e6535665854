import type { Pool } from 'pg'

/** A saved read of the Target: by source and value. `answer` is JSON; null: nothing was found. */
export interface KeptRead {
  readonly source: string
  readonly value: string
  readonly answer: string | null
  readonly at: Date
}

/** Reads since then, and since the last write of any Activation to this account: earlier reads are no longer valid. */
export async function loadKeptReads(
  pool: Pool,
  {
    activationId,
    accountId,
    since,
  }: { readonly activationId: number; readonly accountId: string; readonly since: Date },
): Promise<KeptRead[]> {
  const { rows } = await pool.query<KeptRead>({
    name: 'load-kept-reads',
    text: `select source, value, answer, at from kept_read where activation_id = $1 and at > greatest($2, (
       select max(b.marked_at) from batch b join run r on r.id = b.run_id join activation a on a.id = r.activation_id
       where a.immutable_settings ->> 'accountId' = $3 and (r.finished_at is null or r.finished_at > $2)))`,
    values: [activationId, since, accountId],
  })
  return rows
}

/** Saves these reads in place of earlier ones, and deletes old reads of other Activations. */
export async function keepReads(pool: Pool, activationId: number, reads: readonly KeptRead[]): Promise<void> {
  await pool.query(`delete from kept_read where activation_id = $1 or at < now() - interval '1 hour'`, [activationId])
  for (let at = 0; at < reads.length; at += pageSize) {
    const page = reads.slice(at, at + pageSize)
    await pool.query(
      `insert into kept_read (activation_id, source, value, answer, at) select $1, r.source, r.value, r.answer, r.at
       from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as r (source, value, answer, at) on conflict do nothing`,
      [
        activationId,
        page.map(({ source }) => source),
        page.map(({ value }) => value),
        page.map(({ answer }) => answer),
        page.map(({ at: when }) => when),
      ],
    )
  }
}

const pageSize = 5000
