/**
 * How a Target grants access tokens (RFC 6749): plain data that `http/auth` follows. It fetches tokens when they are
 * needed, keeps them encrypted in the control database, and renews them once for all workers.
 */
export interface OAuth2 {
  /** The token endpoint: an https:// URL (http:// for an emulator). */
  readonly tokenUrl: string
  readonly clientId: string
  readonly grant: OAuth2Grant
  /** Where client id and secret are sent: in the form (default), or as HTTP Basic. */
  readonly clientAuth?: 'body' | 'basic'
  /** Space-separated. */
  readonly scope?: string
  /** Further fields of the form, such as `redirect_uri`. They are not secret. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Names of further text fields of the answer that the connector reads from `Token.extra`. */
  readonly extraFields?: readonly string[]
  /**
   * Whether a rejection passes with time, such as "token request is already being processed". `code` is the vendor's
   * `error`, `words` its description.
   */
  readonly isTemporary?: (code: string, words: string) => boolean
}

export type OAuth2Grant =
  | { readonly type: 'client-credentials'; readonly clientSecret: string }
  | {
      /** RFC 7523, signed with RS256. */
      readonly type: 'jwt-bearer'
      /** PEM text of an RSA private key without a passphrase. */
      readonly privateKey: string
      /** `sub`: the user in whose name the token acts. */
      readonly subject: string
      /** `aud`: the vendor's login host. */
      readonly audience: string
      readonly clientSecret?: string
    }
  | {
      readonly type: 'refresh-token'
      /**
       * As configured. If the vendor replaces refresh tokens, Tailrace keeps the newest one and uses that; a newly
       * configured one starts anew.
       */
      readonly refreshToken: string
      readonly clientSecret?: string
    }

/** What the vendor granted. */
export interface Token {
  readonly accessToken: string
  /** Epoch milliseconds. Undefined: the vendor does not say; the token is used until a call is answered with 401. */
  readonly expiresAt: number | undefined
  /** `instance_url` of the answer. */
  readonly instanceUrl: string | undefined
  /** The fields that `OAuth2.extraFields` names, as far as the answer has them as text. */
  readonly extra: Readonly<Record<string, string>>
}
