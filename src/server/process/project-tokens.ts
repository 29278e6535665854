import type { Pool } from 'pg'
import { databaseTokens } from '../../http/auth/database-tokens.ts'
import type { TokenStore } from '../../http/auth/token-store.ts'
import type { ControlDatabase } from '../../store/database/control-database.ts'
import { openSecretKey } from '../../store/project/secret-key.ts'
import { createSealer } from '../../store/project/sealer.ts'
import type { GlobalOptions, Host } from './host.ts'
import { homeOf, openProjectDatabase } from './local-project.ts'

/** OAuth tokens of a project, in its control database. The key is opened, or made, only when a token is needed. */
export function projectTokens(host: Host, globals: GlobalOptions, pool: () => Promise<Pool> | Pool): TokenStore {
  return databaseTokens({
    pool,
    worker: host.worker,
    sealer: async () =>
      createSealer(await openSecretKey(homeOf(host, globals.config), host.env['TAILRACE_SECRET_KEY'])),
  })
}

/**
 * For commands that need no control database otherwise: it is opened when the first token is needed. A refresh token
 * that the vendor replaces must be kept there, or the next Run could not use it.
 */
export async function withProjectTokens<T>(
  host: Host,
  globals: GlobalOptions,
  work: (tokens: TokenStore) => Promise<T>,
): Promise<T> {
  let opened: Promise<ControlDatabase> | undefined
  const open = (): Promise<ControlDatabase> =>
    (opened ??= openProjectDatabase(host, homeOf(host, globals.config), host.env['DATABASE_URL']))
  try {
    return await work(projectTokens(host, globals, async () => (await open()).pool))
  } finally {
    await opened?.then(
      (database) => database.close(),
      // Whoever opened it has received the error.
      () => undefined,
    )
  }
}
