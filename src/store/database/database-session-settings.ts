import pg from 'pg'

/**
 * What every session on the control database is told first. Not as start-up options: connection poolers such as PgBouncer refuse those.
 * The server probes a client that is silent after 10 s, and ends the session of one whose machine or network is gone within half a minute,
 * in place of the two hours that systems wait by default: with the session go its locks.
 */
export function sessionSettings(schema?: string): string {
  const path = schema === undefined ? '' : `set search_path to ${pg.escapeIdentifier(schema)}; `
  return `${path}set tcp_keepalives_idle to 10; set tcp_keepalives_interval to 5; set tcp_keepalives_count to 3; set tcp_user_timeout to 25000`
}

/** The same from our side, as far as Node can: probes after 10 s of silence. */
export const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const
