import type { Fault } from '../../model/fault.ts'
import type { TokenClaim } from '../../store/project/oauth-tokens.ts'
import type { Granted } from './token-answer.ts'

/** A granted token with the digest of the secrets that it was granted for. */
export interface KeptToken extends Granted {
  readonly secrets: string
}

/** What is known of a grant. All workers see the same. */
export interface GrantState {
  readonly token: KeptToken | undefined
  /** The claim that the token was granted under; 0: none was granted. */
  readonly version: number
  /** The latest claim. */
  readonly claim: number
  /** Whether a worker asks for the next token now. */
  readonly claimed: boolean
  readonly failure: TokenFailure | undefined
  /** The claim that ended with `failure`. */
  readonly failedClaim: number
}

/** Why a request for a token failed, without secrets. */
export type TokenFailure = Pick<Fault, 'kind' | 'code' | 'message'> & { readonly advice?: string | undefined }

/** Keeps the tokens of grants. One worker at a time asks the vendor: the one with a claim, for `leaseMs`. */
export interface TokenStore {
  readonly leaseMs: number
  read(identity: string): Promise<GrantState>
  /** Undefined: another worker has the claim, or kept a token newer than `version`. */
  claim(identity: string, version: number): Promise<TokenClaim | undefined>
  /** Whether the claim still holds; if so, it holds for `leaseMs` from now. */
  extend(identity: string, claim: number): Promise<boolean>
  /** Whether it was kept: false if a later claim kept a token before. `rotated`: its refresh token is a new one. */
  keep(identity: string, claim: number, token: KeptToken, rotated: boolean): Promise<boolean>
  /** Ends a claim without a token. Workers that wait fail with `failure`; without one they ask themselves. */
  end(identity: string, claim: number, failure: TokenFailure | undefined): Promise<void>
}

export const nothingGranted: GrantState = {
  token: undefined,
  version: 0,
  claim: 0,
  claimed: false,
  failure: undefined,
  failedClaim: 0,
}

/** For clients without a control database: the token lives as long as its client. */
export function memoryTokens(): TokenStore {
  const states = new Map<string, GrantState>()
  const stateOf = (identity: string): GrantState => states.get(identity) ?? nothingGranted
  const change = (identity: string, changes: Partial<GrantState>): void =>
    void states.set(identity, { ...stateOf(identity), ...changes })
  return {
    leaseMs: 20_000,
    read: async (identity) => stateOf(identity),
    async claim(identity, version) {
      const state = stateOf(identity)
      if (state.claimed || state.version !== version) return undefined
      const claim = state.claim + 1
      change(identity, { claim, claimed: true })
      return { claim, takenOver: false }
    },
    extend: async (identity, claim) => stateOf(identity).claim === claim,
    async keep(identity, claim, token) {
      change(identity, { token, version: claim, claimed: false, failure: undefined })
      return true
    },
    async end(identity, claim, failure) {
      change(identity, { claimed: false, failure, ...(failure && { failedClaim: claim }) })
    },
  }
}
