import pg from 'pg'

/**
 * What holds within our transaction, and for nobody else behind a pooler. Output is in ISO formats, and decimals of floats are exact.
 * The server looks after us as well: it ends a query whose client is gone within seconds (`client_connection_check_interval`,
 * PostgreSQL 14 and newer, not on Windows), and finds out about a machine that has vanished by keepalives, not after two hours.
 */
export function sessionSettings({ statementTimeoutMs, timezone }: { readonly statementTimeoutMs: number; readonly timezone: string }): string {
  return `
    SET LOCAL statement_timeout = ${statementTimeoutMs};
    SET LOCAL datestyle = 'ISO'; SET LOCAL TimeZone = ${pg.escapeLiteral(timezone)}; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off;
    SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; SET LOCAL tcp_keepalives_count = 3;
    SELECT set_config(name, '5s', true) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval' AND version() !~* 'windows|mingw|visual c|msvc'`
}
