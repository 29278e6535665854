import type { Pool, PoolClient } from 'pg'

export const sections = ['warehouses', 'targets', 'activations'] as const
export type Section = (typeof sections)[number]

/** A Connection or an Activation that is saved in the server. */
export interface ProjectEntry {
  readonly section: Section
  readonly name: string
  /** As in tailrace.yaml; `{ secret: 'set' }` stands for a sealed value. */
  readonly body: Readonly<Record<string, unknown>>
  /** Sealed values by their JSON pointer into `body`. */
  readonly sealed: Readonly<Record<string, string>>
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly paused: boolean
  /** When the Connection was last tested, and what was wrong then. */
  readonly healthAt: Date | null
  readonly trouble: ConnectionTrouble | null
  /** For a Target that was reached: the account's id at the vendor. */
  readonly account: string | null
}

export interface ConnectionTrouble {
  readonly code: string
  readonly message: string
  readonly advice: string | null
}

type Queryable = Pool | PoolClient

const columns = `section, name, body, sealed, revision::float8 as revision, created_at as "createdAt", updated_at as "updatedAt", paused, health_at as "healthAt", trouble, account`

export async function findEntry(db: Queryable, section: Section, name: string): Promise<ProjectEntry | undefined> {
  const { rows } = await db.query<ProjectEntry>(
    `select ${columns} from project_entry where section = $1 and name = $2`,
    [section, name],
  )
  return rows[0]
}

/** Sorted by name. `after`: the name to continue from. `search`: text anywhere in the name, ignoring case. */
export async function listEntries(
  db: Queryable,
  section: Section,
  {
    search,
    after,
    limit,
  }: { readonly search?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<ProjectEntry[]> {
  const { rows } = await db.query<ProjectEntry>(
    `select ${columns} from project_entry where section = $1 and ($2::text is null or strpos(lower(name), lower($2)) > 0) and ($3::text is null or name > $3) order by name limit $4`,
    [section, search ?? null, after ?? null, limit],
  )
  return rows
}

export async function listAllEntries(db: Queryable, wanted: readonly Section[] = sections): Promise<ProjectEntry[]> {
  const { rows } = await db.query<ProjectEntry>(
    `select ${columns} from project_entry where section = any($1::text[]) order by section, name`,
    [wanted],
  )
  return rows
}

export async function countEntries(db: Queryable): Promise<Readonly<Record<Section, number>>> {
  const { rows } = await db.query<{ section: Section; count: number }>(
    'select section, count(*)::int as count from project_entry group by section',
  )
  return {
    warehouses: 0,
    targets: 0,
    activations: 0,
    ...Object.fromEntries(rows.map(({ section, count }) => [section, count])),
  }
}

export type NewEntry = Pick<ProjectEntry, 'section' | 'name' | 'body' | 'sealed'>

/** Undefined: the name exists already. */
export async function insertEntry(
  db: Queryable,
  { section, name, body, sealed }: NewEntry,
): Promise<ProjectEntry | undefined> {
  const { rows } = await db.query<ProjectEntry>(
    `insert into project_entry (section, name, body, sealed) values ($1, $2, $3, $4) on conflict do nothing returning ${columns}`,
    [section, name, JSON.stringify(body), JSON.stringify(sealed)],
  )
  return rows[0]
}

/** Undefined: it no longer has this revision. The old body is kept, for users who still edit it. */
export async function replaceEntry(
  db: Queryable,
  { section, name, body, sealed }: NewEntry,
  revision: number,
): Promise<ProjectEntry | undefined> {
  const { rows } = await db.query<ProjectEntry>(
    `with past as (
       insert into project_entry_past (revision, section, name, body)
       select revision, section, name, body from project_entry where section = $1 and name = $2 and revision = $5
       on conflict do nothing)
     update project_entry set body = $3, sealed = $4, revision = nextval('project_revision'), updated_at = now()
     where section = $1 and name = $2 and revision = $5 returning ${columns}`,
    [section, name, JSON.stringify(body), JSON.stringify(sealed), revision],
  )
  if (rows[0] !== undefined) await forgetOldStates(db, section, name)
  return rows[0]
}

/** Returns whether it existed in this revision. */
export async function deleteEntry(db: Queryable, section: Section, name: string, revision: number): Promise<boolean> {
  const { rowCount } = await db.query('delete from project_entry where section = $1 and name = $2 and revision = $3', [
    section,
    name,
    revision,
  ])
  return rowCount === 1
}

/** The body in an earlier revision; undefined: it is no longer kept. */
export async function pastBody(
  db: Queryable,
  section: Section,
  name: string,
  revision: number,
): Promise<ProjectEntry['body'] | undefined> {
  const { rows } = await db.query<Pick<ProjectEntry, 'body'>>(
    'select body from project_entry_past where section = $1 and name = $2 and revision = $3',
    [section, name, revision],
  )
  return rows[0]?.body
}

export async function pauseEntry(db: Queryable, name: string, paused: boolean): Promise<ProjectEntry | undefined> {
  const { rows } = await db.query<ProjectEntry>(
    `update project_entry set paused = $2 where section = 'activations' and name = $1 returning ${columns}`,
    [name, paused],
  )
  return rows[0]
}

/** Saves the result of a Connection test; null: all is well. */
export async function saveHealth(
  db: Queryable,
  section: Section,
  name: string,
  trouble: ConnectionTrouble | null,
  account?: string | null,
): Promise<void> {
  await db.query(
    'update project_entry set health_at = now(), trouble = $3, account = coalesce($4, account) where section = $1 and name = $2',
    [section, name, trouble === null ? null : JSON.stringify(trouble), account ?? null],
  )
}

/** Names of the Activations that use each of these Connections. */
export async function activationsUsing(
  db: Queryable,
  section: 'warehouses' | 'targets',
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const key = section === 'warehouses' ? 'warehouse' : 'target'
  const { rows } = await db.query<{ connection: string; names: string[] }>(
    `select body ->> '${key}' as connection, array_agg(name order by name) as names from project_entry
     where section = 'activations' and body ->> '${key}' = any($1::text[]) group by 1`,
    [names],
  )
  return new Map(rows.map(({ connection, names: users }) => [connection, users]))
}

const statesKept = 20

async function forgetOldStates(db: Queryable, section: Section, name: string): Promise<void> {
  await db.query(
    `delete from project_entry_past where section = $1 and name = $2 and revision < (
       select min(revision) from (select revision from project_entry_past where section = $1 and name = $2 order by revision desc limit ${statesKept}) kept)`,
    [section, name],
  )
}
