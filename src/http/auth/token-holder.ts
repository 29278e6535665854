import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../connect/io.ts'
import type { OAuth2, Token } from '../../connect/oauth2.ts'
import { Fault } from '../../model/fault.ts'
import { backoffMs, type Backoff } from '../limits/backoff.ts'
import type { Vendor, VendorWord } from './ask-vendor.ts'
import { failureOf, sharedFault, tokenFault } from './token-faults.ts'
import { grantIdentity, secretsDigest } from './token-request.ts'
import type { GrantState, KeptToken, TokenStore } from './token-store.ts'

/** A token with the count that tells it from the token before. */
export interface HeldToken extends Token {
  readonly version: number
  /** Epoch milliseconds. Infinity if the vendor does not say when it expires. */
  readonly renewAt: number
  readonly endsAt: number
}

/** One client's access to the token of its grant. */
export interface TokenHolder {
  /** The token, if it is known and has not expired. Starts to renew it ahead of its end. */
  current(): HeldToken | undefined
  /** A token that is usable and, after a 401, not `rejected`. Callers at the same time share one request. */
  obtain(rejected?: HeldToken): Promise<HeldToken>
  /** Gives up waiting at this time, in epoch milliseconds. Only shortens. */
  endBy(at: number): void
  /** Gives up waiting, and waits until the answer to a request that cannot be repeated is saved. */
  close(): Promise<void>
}

export interface TokenHolderOptions {
  readonly oauth2: OAuth2
  readonly vendor: Vendor
  readonly store: TokenStore
  readonly signal: AbortSignal
  readonly deadline: number
  /** Longest wait for a token. */
  readonly patienceMs: number
  /** Longest wait if the vendor was never reached. */
  readonly firstContactMs: number
  readonly backoff: Backoff
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
  readonly hide: (secrets: readonly string[]) => void
  readonly redact: (text: string) => string
}

/** A token is renewed ahead of its end by this part of its life, at most `mostAheadMs`. */
const aheadPart = 0.2
const mostAheadMs = 300_000
/** A token is not sent when it ends within this part of its life, at most `mostMarginMs`: clocks differ. */
const marginPart = 0.05
const mostMarginMs = 10_000
/** A renewal ahead of the end that failed is tried again after this time. */
const aheadAgainMs = 30_000
/** How often a worker that waits for another looks whether the token is there. */
const pollMs = 100
/** A new refresh token is the only one that is valid, so saving it is tried again for this long. */
const saveForMs = 30_000
/** After this many failed calls in a row the control database counts as unreachable. */
const mostFailures = 3

export function tokenHolder(options: TokenHolderOptions): TokenHolder {
  const { oauth2, vendor, store, now, random, log, hide, redact, backoff } = options
  const identity = grantIdentity(oauth2)
  const secrets = secretsDigest(oauth2)
  /** The answer may hold the only valid refresh token, so such a call is not broken off. */
  const mayRotate = oauth2.grant.type === 'refresh-token'
  /** Aborted when nobody needs a token any more. */
  const closing = new AbortController()
  const signal = AbortSignal.any([options.signal, closing.signal])
  let held: HeldToken | undefined
  let pending: Promise<HeldToken> | undefined
  let aheadAgainAt = 0
  let lastTurn = options.deadline

  const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined)

  /** Database errors pass with time; after a few in a row they end the wait. */
  async function stored<T>(what: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await what()
      } catch (error) {
        if (Fault.is(error)) throw error
        if (failures >= mostFailures) throw unreachableStore(error, redact)
        await pause(pollMs * failures)
      }
    }
  }

  function usable({ token, version }: GrantState, after: number | undefined): HeldToken | undefined {
    if (token === undefined || token.secrets !== secrets || version === after) return undefined
    const known = heldToken(token, version)
    return now() < known.endsAt ? known : undefined
  }

  async function renew(after: number | undefined): Promise<HeldToken> {
    const startedAt = now()
    const until = (): number => Math.min(startedAt + options.patienceMs, lastTurn)
    let awaited: number | undefined
    for (;;) {
      const state = await stored(() => store.read(identity))
      if (state.token !== undefined)
        hide([state.token.accessToken, state.token.refreshToken].filter((secret) => secret !== undefined))
      const known = usable(state, after)
      if (known !== undefined) return known
      if (awaited !== undefined && state.failure !== undefined && state.failedClaim >= awaited)
        throw sharedFault(state.failure)
      if (signal.aborted) throw tokenFault(oauth2, { is: 'cancelled' }, vendor.label, redact, false)
      if (now() >= until()) throw noTime(vendor.label)
      if (state.claimed) awaited ??= state.claim
      else {
        const claim = await stored(() => store.claim(identity, state.version))
        const granted = claim && (await askUnderClaim(claim, state, after, until))
        if (granted !== undefined) return granted
      }
      await pause(pollMs * (0.5 + random()))
    }
  }

  /** Undefined: another worker took the claim over, or kept a later token. */
  async function askUnderClaim(
    { claim, takenOver }: { readonly claim: number; readonly takenOver: boolean },
    { token }: GrantState,
    after: number | undefined,
    until: () => number,
  ): Promise<HeldToken | undefined> {
    const startedAt = now()
    let reached = false
    for (let tries = 0; ; tries += 1) {
      let word: VendorWord
      try {
        word = await vendor.ask(token?.refreshToken, store.leaseMs / 2, mayRotate ? undefined : signal)
      } catch (error) {
        await endClaim(claim, undefined)
        throw error
      }
      if (word.is === 'granted')
        return await keep(claim, {
          ...word.granted,
          refreshToken: word.granted.refreshToken ?? token?.refreshToken,
          secrets,
        })
      const fault = tokenFault(oauth2, word, vendor.label, redact, takenOver)
      if (fault.kind !== 'transient') {
        // A worker that was frozen may have saved meanwhile what it was granted.
        const late = usable(await stored(() => store.read(identity)), after)
        await endClaim(claim, late === undefined && fault.kind !== 'cancelled' ? fault : undefined)
        if (late === undefined) throw fault
        return late
      }
      reached ||= word.is !== 'no-answer'
      const waitMs = Math.max(word.is === 'busy' ? word.waitMs : 0, backoffMs(backoff, tries, random()))
      const end = reached ? until() : Math.min(until(), startedAt + options.firstContactMs)
      if (now() + waitMs >= end || signal.aborted) {
        await endClaim(claim, undefined)
        throw fault
      }
      await pauseUnderClaim(claim, waitMs)
      if (!(await stored(() => store.extend(identity, claim)))) return undefined
    }
  }

  /** Keeps the claim over a wait that is longer than it. */
  async function pauseUnderClaim(claim: number, ms: number): Promise<void> {
    const end = now() + ms
    for (let left = ms; left > 0 && !signal.aborted; left = end - now()) {
      await pause(Math.min(left, store.leaseMs / 2))
      await stored(() => store.extend(identity, claim))
    }
  }

  async function endClaim(claim: number, fault: Fault | undefined): Promise<void> {
    await store
      .end(identity, claim, fault && failureOf(fault))
      .catch((error: unknown) =>
        log.debug('a claim on an OAuth token ends when it expires', { why: redact(String(error)) }),
      )
  }

  /** The new refresh token is saved before the access token is used. */
  async function keep(claim: number, token: KeptToken): Promise<HeldToken | undefined> {
    const { grant } = oauth2
    const rotated = grant.type === 'refresh-token' && (token.refreshToken ?? grant.refreshToken) !== grant.refreshToken
    const until = now() + saveForMs
    for (;;) {
      try {
        return (await store.keep(identity, claim, token, rotated)) ? heldToken(token, claim) : undefined
      } catch (error) {
        if (Fault.is(error)) throw error
        if (now() >= until) throw unreachableStore(error, redact)
        await delay(pollMs)
      }
    }
  }

  function start(after: number | undefined): Promise<HeldToken> {
    pending ??= renew(after)
      .then((token) => (held = token))
      .finally(() => (pending = undefined))
    return pending
  }

  return {
    current() {
      if (held === undefined) return undefined
      const at = now()
      if (at >= held.endsAt) return (held = undefined)
      if (at >= held.renewAt && at >= aheadAgainAt && pending === undefined) {
        aheadAgainAt = at + aheadAgainMs
        start(held.version).catch((error: unknown) =>
          log.warn('an OAuth token could not be renewed ahead of its end', { why: redact(String(error)) }),
        )
      }
      return held
    },
    async obtain(rejected) {
      if (held !== undefined && held.version !== rejected?.version && now() < held.endsAt) return held
      held = undefined
      return await start(rejected?.version)
    },
    endBy: (at) => void (lastTurn = Math.min(lastTurn, at)),
    async close() {
      closing.abort()
      // Its callers have received the error.
      await pending?.catch(() => undefined)
    },
  }
}

function heldToken({ accessToken, expiresAt, instanceUrl, extra, askedAt }: KeptToken, version: number): HeldToken {
  const lifeMs = (expiresAt ?? Infinity) - askedAt
  const end = expiresAt ?? Infinity
  return {
    accessToken,
    expiresAt,
    instanceUrl,
    extra,
    version,
    renewAt: end - Math.min(mostAheadMs, lifeMs * aheadPart),
    endsAt: end - Math.min(mostMarginMs, lifeMs * marginPart),
  }
}

function noTime(label: string): Fault {
  return new Fault(
    'transient',
    `${label} was not called: another worker renews the token, and has not finished in time`,
    {
      code: 'token-unavailable',
      advice: 'No action is needed: the next Run tries again.',
    },
  )
}

function unreachableStore(cause: unknown, redact: (text: string) => string): Fault {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Fault('transient', redact(`The OAuth token of the target cannot be read or saved (${why}).`), {
    code: 'tokens-unreachable',
    advice: 'Check that the control database answers, then run it again.',
    cause,
  })
}
