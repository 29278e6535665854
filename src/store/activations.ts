import type { Pool } from 'pg'

/** What may not change while an Activation has a Snapshot: it would give the Snapshot another meaning. */
export interface Frozen {
  readonly accountId: string
  readonly object: string
  readonly behavior: string
  readonly identifier: string
  /** Ids in the Target, sorted; a tag that is yet to be created has none, so names stand beside them. */
  readonly members: readonly { readonly name: string; readonly id: string | null }[]
}

export interface ActivationRow {
  readonly id: number
  readonly frozen: Frozen | null
}

/** Finds the Activation by name, or makes its row. */
export async function ensureActivation(pool: Pool, name: string): Promise<ActivationRow> {
  const { rows } = await pool.query<{ id: string; frozen: Frozen | null }>(
    `with made as (insert into activation (name) values ($1) on conflict (name) do nothing returning id, frozen)
     select id, frozen from made union all select id, frozen from activation where name = $1 limit 1`,
    [name],
  )
  const row = rows[0] ?? (await pool.query<{ id: string; frozen: Frozen | null }>('select id, frozen from activation where name = $1', [name])).rows[0]
  if (row === undefined) throw new Error(`activation "${name}" vanished while it was made`)
  return { id: Number(row.id), frozen: row.frozen }
}

export async function findActivation(pool: Pool, name: string): Promise<ActivationRow | undefined> {
  const { rows } = await pool.query<{ id: string; frozen: Frozen | null }>('select id, frozen from activation where name = $1', [name])
  const row = rows[0]
  return row && { id: Number(row.id), frozen: row.frozen }
}

export async function freezeActivation(pool: Pool, id: number, frozen: Frozen): Promise<void> {
  await pool.query('update activation set frozen = $2 where id = $1', [id, JSON.stringify(frozen)])
}
