import type { Pool } from 'pg'

/** Settings that must not change while an Activation has a Snapshot, because the Snapshot depends on them. */
export interface ImmutableSettings {
  readonly accountId: string
  readonly object: string
  readonly behavior: string
  readonly identifier: string
  /**
   * Ids in the Target, sorted, and names. Without an id: not created yet (`isNew`), or a column whose cells name the
   * groups.
   */
  readonly groups: readonly { readonly name: string; readonly id: string | null; readonly isNew?: true }[]
}

export interface ActivationRow {
  readonly id: number
  readonly immutableSettings: ImmutableSettings | null
  /** The Activation that took over this one's state. */
  readonly takenOverBy: string | null
  /** It took over another Activation's state itself. */
  readonly hasTakenOver: boolean
}

const columns = `id::int as id, immutable_settings as "immutableSettings", (select n.name from activation n where n.id = a.taken_over_by) as "takenOverBy",
  exists (select from activation o where o.taken_over_by = a.id) as "hasTakenOver"`

/** Finds the Activation by name, or inserts it. */
export async function ensureActivation(pool: Pool, name: string): Promise<ActivationRow> {
  const known = await findActivation(pool, name)
  if (known !== undefined) return known
  const {
    rows: [made],
  } = await pool.query<{ id: number }>(
    'insert into activation (name) values ($1) on conflict (name) do nothing returning id::int as id',
    [name],
  )
  if (made !== undefined) return { id: made.id, immutableSettings: null, takenOverBy: null, hasTakenOver: false }
  const other = await findActivation(pool, name)
  if (other === undefined) throw new Error(`activation "${name}" vanished while it was made`)
  return other
}

export async function findActivation(pool: Pool, name: string): Promise<ActivationRow | undefined> {
  const { rows } = await pool.query<ActivationRow>({
    name: 'find-activation',
    text: `select ${columns} from activation a where name = $1`,
    values: [name],
  })
  return rows[0]
}

export async function saveImmutableSettings(
  pool: Pool,
  id: number,
  immutableSettings: ImmutableSettings,
): Promise<void> {
  await pool.query('update activation set immutable_settings = $2 where id = $1', [
    id,
    JSON.stringify(immutableSettings),
  ])
}
