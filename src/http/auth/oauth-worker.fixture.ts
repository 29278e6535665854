/** A worker that sends one read at each message, and reports its end. Argument: its task as JSON. */
import pg from 'pg'
import { Fault } from '../../model/fault.ts'
import { openControlDatabase } from '../../store/database/control-database.ts'
import { createSealer } from '../../store/project/sealer.ts'
import { createHttpClient } from '../http-client.ts'
import type { OAuth2 } from '../../connect/oauth2.ts'
import { databaseTokens } from './database-tokens.ts'
import { oauthPolicy } from './oauth-target.fixture.ts'

export interface WorkerTask {
  readonly url: string
  readonly oauth2: OAuth2
  readonly databaseUrl: string
  /** For the tokens alone, by default `databaseUrl`: need not answer when the worker starts. */
  readonly tokensUrl?: string
  readonly leaseMs: number
}

const { url, oauth2, databaseUrl, tokensUrl, leaseMs } = JSON.parse(process.argv[2] ?? '') as WorkerTask
const database = await openControlDatabase({ home: '/nowhere', databaseUrl, poolSize: 2 })
const tokensPool = tokensUrl === undefined ? database.pool : new pg.Pool({ connectionString: tokensUrl })
const client = createHttpClient({
  policy: oauthPolicy(url, oauth2),
  secrets: [],
  signal: new AbortController().signal,
  now: Date.now,
  random: Math.random,
  log: { debug() {}, info() {}, warn() {} },
  tokens: databaseTokens({
    pool: () => tokensPool,
    sealer: () => createSealer(Buffer.alloc(32, 7)),
    worker: String(process.pid),
    leaseMs,
  }),
})
process.on('message', () => {
  client.send({ method: 'GET', path: '/records', effect: 'read', repeatable: true }).then(
    ({ status }) => process.send?.(String(status)),
    (error: unknown) => process.send?.(Fault.is(error) ? `${error.code}: ${error.advice}` : String(error)),
  )
})
process.once(
  'disconnect',
  () => void client.close().then(() => Promise.all([database.close(), tokensUrl === undefined || tokensPool.end()])),
)
process.send?.('ready')
