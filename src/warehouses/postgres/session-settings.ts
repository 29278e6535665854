import pg from 'pg'

/**
 * Settings of our transaction only, so they do not leak to other clients of a pooler. Output is in ISO formats, and
 * floats are exact. The server also ends a query within seconds after its client is gone
 * (`client_connection_check_interval`, PostgreSQL 14 and newer, not on Windows), and keepalives detect a lost machine
 * within a minute, not after two hours.
 */
export function sessionSettings({
  statementTimeoutMs,
  timezone,
}: {
  readonly statementTimeoutMs: number
  readonly timezone: string
}): string {
  return `
    SET LOCAL statement_timeout = ${statementTimeoutMs};
    SET LOCAL datestyle = 'ISO'; SET LOCAL TimeZone = ${pg.escapeLiteral(timezone)}; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off;
    SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; SET LOCAL tcp_keepalives_count = 3;
    SELECT set_config(name, '5s', true) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval' AND version() !~* 'windows|mingw|visual c|msvc'`
}
