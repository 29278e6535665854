import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import {
  claimToken,
  endTokenClaim,
  extendTokenClaim,
  readTokenRow,
  saveToken,
  type TokenRow,
} from '../../store/project/oauth-tokens.ts'
import type { Sealer } from '../../store/project/sealer.ts'
import { nothingGranted, type KeptToken, type TokenFailure, type TokenStore } from './token-store.ts'

export interface DatabaseTokensOptions {
  readonly pool: () => Promise<Pool> | Pool
  /** Called when the first token is read or kept, so that a project without OAuth needs no key. */
  readonly sealer: () => Promise<Sealer> | Sealer
  /** This process, for people who look into the table. */
  readonly worker: string
  /** Longest time that a dead worker keeps the others waiting. Default: 20,000. */
  readonly leaseMs?: number
}

/** Tokens in the control database, encrypted, for all workers. */
export function databaseTokens({ pool, sealer, worker, leaseMs = 20_000 }: DatabaseTokensOptions): TokenStore {
  const place = (identity: string): string => `oauth_token/${identity}`

  const unsealed = async (identity: string, { sealed, rotated }: TokenRow): Promise<KeptToken | undefined> => {
    if (sealed === null) return undefined
    try {
      return JSON.parse((await sealer()).unseal(sealed, place(identity))) as KeptToken
    } catch (error) {
      // What can be asked for again is no loss.
      if (Fault.is(error) && error.code === 'secret-key-differs' && !rotated) return undefined
      throw error
    }
  }

  return {
    leaseMs,
    async read(identity) {
      const row = await readTokenRow(await pool(), identity)
      if (row === undefined) return nothingGranted
      const { version, claim, claimed, failure, failedClaim } = row
      return {
        token: await unsealed(identity, row),
        version,
        claim,
        claimed,
        failure: (failure as TokenFailure | null) ?? undefined,
        failedClaim,
      }
    },
    claim: async (identity, version) => await claimToken(await pool(), identity, version, worker, leaseMs),
    extend: async (identity, claim) => await extendTokenClaim(await pool(), identity, claim, leaseMs),
    async keep(identity, claim, token, rotated) {
      const sealed = (await sealer()).seal(JSON.stringify(token), place(identity))
      return await saveToken(await pool(), identity, claim, { sealed, rotated })
    },
    end: async (identity, claim, failure) => await endTokenClaim(await pool(), identity, claim, failure),
  }
}
