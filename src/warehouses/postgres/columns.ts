import type { FieldDef, QueryArrayConfig } from 'pg'
import { rejectDuplicateColumns, wrapQuery, type Column, type ColumnType } from '../../connect/index.ts'
import type { Connected, Server } from './connection.ts'
import { dialect } from './dialect.ts'
import { queryFault } from './faults.ts'

/** Output columns: PostgreSQL runs the query with LIMIT 0. */
export async function describe(server: Server, client: Connected, sql: string): Promise<readonly Column[]> {
  const wrapped = wrapQuery(sql, dialect, { select: '*', suffix: ' LIMIT 0' })
  try {
    // The extended protocol takes only one statement, so the text cannot break out of its parentheses.
    const query: QueryArrayConfig & { queryMode: 'extended' } = {
      text: wrapped.text,
      rowMode: 'array',
      queryMode: 'extended',
    }
    const { fields } = await client.query(query)
    rejectDuplicateColumns(fields.map((field) => field.name))
    return await named(client, fields)
  } catch (error) {
    throw queryFault(error, sql, wrapped, server.address)
  }
}

interface TypeRow {
  readonly name: string
  readonly kind: string
  readonly category: string
}

/** Domains do not occur here: PostgreSQL reports their base type. */
async function named(client: Connected, fields: readonly FieldDef[]): Promise<readonly Column[]> {
  const { rows } = await client.query<TypeRow>(
    `SELECT format_type(t.oid, x.modifier) AS name, t.typtype AS kind, t.typcategory AS category
       FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS x (type, modifier, n) JOIN pg_catalog.pg_type t ON t.oid = x.type
      ORDER BY x.n`,
    [fields.map((field) => field.dataTypeID), fields.map((field) => field.dataTypeModifier)],
  )
  return rows.map((type, index) => {
    const field = fields[index] as FieldDef
    return { name: field.name, type: columnType(field.dataTypeID, type), nativeType: type.name }
  })
}

function columnType(oid: number, { name, kind, category }: TypeRow): ColumnType {
  // Records, composite types and hstore are all written as JSON.
  if (oid === 2249 || kind === 'c' || name === 'hstore' || name.endsWith('.hstore')) return 'json'
  return (
    byOid[oid] ?? (kind === 'e' || category === 'S' ? 'text' : category === 'A' || oid === 2287 ? 'array' : 'other')
  )
}

/** Fixed ids of PostgreSQL's built-in types (src/include/catalog/pg_type.dat). */
const byOid: Readonly<Record<number, ColumnType>> = {
  16: 'boolean',
  17: 'binary',
  18: 'text',
  20: 'integer',
  21: 'integer',
  23: 'integer',
  26: 'integer',
  114: 'json',
  3802: 'json',
  700: 'float',
  701: 'float',
  1700: 'decimal',
  1082: 'date',
  1083: 'time',
  1266: 'time',
  1114: 'timestamp',
  1184: 'timestamp',
  1186: 'interval',
  2950: 'uuid',
}
