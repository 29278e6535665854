import type { OAuth2, Token } from './oauth2.ts'
import type { JudgeReply, RateLimit } from './rate-limit.ts'

/** How to call one account: plain data that the engine's HTTP client follows. There is one client per Connection. */
export interface HttpPolicy {
  /**
   * A text, or, with OAuth2, derived from the token (`instance_url`). The function checks the host against the hosts
   * that the vendor uses, and throws a Fault `config` for others: the access token is sent to this address.
   */
  readonly baseUrl: string | ((token: Token) => string)
  readonly auth: { readonly bearer: string } | { readonly oauth2: OAuth2 }
  readonly headers?: Readonly<Record<string, string>>
  /** Maximum number of requests in flight. */
  readonly concurrency: number
  /** Reply header with the vendor's request id. */
  readonly requestIdHeader?: string
  /** The vendor's limits on requests, each with another name. The first is the default of a 429. */
  readonly limits: readonly RateLimit[]
  /** Asked about every answer that is not 2xx. */
  readonly verdict?: JudgeReply
}
