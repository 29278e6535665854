import pg from 'pg'

/**
 * The first statement of every session on the control database. Not start-up options: connection poolers such as
 * PgBouncer reject those. The server probes a client after 10 s of silence, and ends the session of a lost machine or
 * network within half a minute instead of the usual two hours: the session's locks end with it.
 *
 * Starting parallel workers takes about 25 ms, as long as most statements that read a page of Records. The higher setup
 * cost keeps them for the large statements, which gain from them.
 */
export function sessionSettings(schema?: string): string {
  const path = schema === undefined ? '' : `set search_path to ${pg.escapeIdentifier(schema)}; `
  return `${path}set tcp_keepalives_idle to 10; set tcp_keepalives_interval to 5; set tcp_keepalives_count to 3; set tcp_user_timeout to 25000; set parallel_setup_cost to 20000`
}

/** The same on our side, as far as Node can: probes after 10 s of silence. */
export const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const
