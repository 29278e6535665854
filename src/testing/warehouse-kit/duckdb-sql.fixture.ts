import type { ValueKind, WarehouseUnderTest } from './warehouse-kit.ts'

const typeOf: Readonly<Record<ValueKind, string>> = {
  text: 'varchar',
  integer: 'bigint',
  decimal: 'decimal(38, 4)',
  float: 'double',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  zoned: 'timestamptz',
  uuid: 'uuid',
  json: 'json',
  interval: 'interval',
}

/** The SQL of DuckDB that the kit's own test and DuckDB's test share. */
export const duckdbSql = {
  as: (text, kind) => `cast(${text} as ${typeOf[kind]})`,
  repeat: (text, times) => `repeat(${text}, ${times})`,
  own: [
    [String.raw`'\x00\xFF'::blob`, 'binary', '\\x00ff'],
    [`'{"b": 1.10,  "a": null}'::json`, 'json', '{"b": 1.10,  "a": null}'],
    ['cast(1 as decimal(10, 2))', 'decimal', '1.00'],
    [`timestamptz 'infinity'`, 'timestamp', 'infinity'],
    [`date '-infinity'`, 'date', '-infinity'],
    [`date '12024-02-29'`, 'date', '12024-02-29'],
    [`date '0044-03-15 (BC)'`, 'date', '0044-03-15 BC'],
    [`timestamptz '0044-03-15 (BC) 00:00:00+00'`, 'timestamp', '0044-03-15T00:00:00+00:00 BC'],
  ],
  names: ['First One', 'c"c', 'd`d', "e'e", 'f\\f', 'Grüße 😀', 'select'],
  noNumbers: [
    `'nan'::double`,
    `'infinity'::float`,
    `'-infinity'::double`,
    `['nan'::double, 1.5]`,
    `[['-infinity'::float]]`,
    `{'a': 'nan'::double}`,
  ],
  forms: [`select a from (values ('x')) as v (a)`, `from (values ('x')) as v (a)`],
  parameters: ['select $1 as a', 'select ? as a'],
  syntaxError: ['select 1 as a\nfrom ', 'from'],
  failsWhenRead: `select error('row ' || range) as x from range(3)`,
} as const satisfies Partial<WarehouseUnderTest['sql']>
