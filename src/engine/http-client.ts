import type { HttpPolicy, HttpReply, HttpRequest, Log } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import { backoffMs, type Backoff } from '../sync/backoff.ts'
import { attemptWatch } from './attempt-watch.ts'
import { httpBase } from './http-base.ts'
import { cancelled, faultOf, newCall, type Call, type Trouble } from './http-call.ts'
import { verdictOf } from './http-verdict.ts'
import { networkTrouble } from './network-trouble.ts'
import { createPacer } from './pacer.ts'
import type { RateBudget } from './rate-budget.ts'
import { rateHeaders, retryAfterMs } from './rate-headers.ts'
import { redactor } from './redact.ts'
import { createWire, type WireResult } from './wire.ts'
import type { Witnessed } from './witnessed.ts'

export interface HttpClientOptions {
  readonly policy: HttpPolicy
  /** Blotted out of every message. The policy's token is added. */
  readonly secrets: readonly string[]
  /** Ends everything at once: calls are rejected with a Fault `cancelled`. */
  readonly signal: AbortSignal
  /** Epoch milliseconds: transient trouble is waited out until then at most. */
  readonly deadline?: number
  /** One call's trouble is retried for at most this long (default 60,000). Waiting for the rate limit does not count. */
  readonly patienceMs?: number
  /** As long as the host was never reached, give up after this (default 5,000). */
  readonly firstContactMs?: number
  /** Between attempts (default 250 ms, at most 30 s). */
  readonly backoff?: Backoff
  now(): number
  /** In [0, 1). */
  random(): number
  readonly log: Log
}

export interface HttpClient {
  /** `seen` is told how it ended, whatever came of it. */
  send(request: HttpRequest, seen?: Witnessed[]): Promise<HttpReply>
  /** Blots this Connection's secrets out of a text. */
  redact(text: string): string
  /** Requests that really left, by effect; how many of them were repeats; and answers 429. */
  readonly counts: { readonly read: number; readonly write: number; readonly retried: number; readonly limited: number }
  /** Calls not yet answered: queued, in flight, or waiting for another attempt. */
  readonly pending: number
  /** Resolves when there is room: fewer calls pend than twice as many as may be in flight. Never rejects. */
  hungry(): Promise<void>
  /** From now on every request takes its part of the budget that all share who call this account. */
  useBudget(budget: RateBudget): void
  /** So many calls are yet to come, queued ones included. What fits into the window then goes at once, more goes evenly. */
  expect(calls: number): void
  /** The vendor's rate limit as last known, with the end of its window by our clock. */
  readonly rate: { readonly limit: number; readonly remaining: number; readonly resetsAt: number } | undefined
  /** Lets the calls under way finish, takes no more, and closes the connections. */
  close(): Promise<void>
}

const waitAdvice = 'Nothing to do: it will be tried again.'
const noTurn: Trouble = {
  kind: 'transient', code: 'rate-limited', words: 'had no room within its rate limit before the time allowed was over', advice: waitAdvice,
}
const noBudget = (why: unknown): Trouble => ({
  kind: 'transient', code: 'budget-unreachable', advice: 'Check that the control database answers, then run it again.',
  words: `was not called: the control database, which shares out its rate limit, cannot be asked (${why instanceof Error ? why.message : String(why)})`,
})

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { policy, signal, now, random, log } = options
  const { deadline = Infinity, patienceMs = 60_000, firstContactMs = 5_000, backoff = { baseMs: 250, capMs: 30_000 } } = options
  const base = httpBase(policy)
  const redact = redactor([...options.secrets, policy.auth.bearer])
  const told = rateHeaders(policy.rate)
  const requestIdHeader = policy.requestIdHeader?.toLowerCase()
  const wire = createWire({
    origin: base.origin,
    connections: policy.concurrency,
    connectTimeoutMs: Math.min(5_000, firstContactMs),
    keepAliveMs: policy.rate.windowMs + 5_000,
  })
  const { windowMs, assumed, reserve = 0 } = policy.rate
  const pacer = createPacer({ rules: { windowMs, assumed, concurrency: policy.concurrency, backoff, spreadMs: 50 }, reserve, now, deadline })

  const counts = { read: 0, write: 0, retried: 0, limited: 0 }
  const room = 2 * policy.concurrency
  const live = new Set<Call>()
  const flying = new Set<Call>()
  const watch = attemptWatch(flying, now)
  let firstTriedAt: number | undefined
  let reached = false
  let rateKnown = false
  let closing: Promise<void> | undefined
  let whenRoom: (() => void)[] = []
  let whenIdle: (() => void) | undefined

  function send(request: HttpRequest, seen?: Witnessed[]): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const call = newCall(request, base.wireRequest(request), seen, patienceMs, resolve, reject)
      call.start = (sentAt, epoch) => attempt(call, sentAt, epoch)
      call.expire = (why) => fail(call, why === undefined ? call.last ?? noTurn : noBudget(why))
      if (signal.aborted) return reject(faultOf(call, cancelled, base.host, redact))
      if (closing !== undefined) return reject(new Fault('bug', 'a request was made after its client was closed', { code: 'client-closed' }))
      live.add(call)
      pacer.add(call, 'end')
    })
  }

  function attempt(call: Call, sentAt: number, epoch: number): void {
    firstTriedAt ??= sentAt
    call.sentAt = sentAt
    call.epoch = epoch
    call.tries += 1
    call.heard = undefined
    flying.add(call)
    call.exchange = wire.exchange(call.wire, (result) => attempted(call, result))
    watch.expect(call.timeoutMs)
  }

  function attempted(call: Call, result: WireResult): void {
    if (!live.has(call)) return
    flying.delete(call)
    call.exchange = undefined
    if (result.sent) count(call)
    if (result.error === undefined) answered(call, result)
    else unanswered(call, result.error, result.sent)
  }

  function answered(call: Call, result: WireResult): void {
    reached = true
    const at = now()
    const { sentAt, epoch, request } = call
    const verdict = verdictOf(result, requestIdHeader)
    const headers = told(result.headers)
    if (headers !== undefined) rateKnown = true
    const requestId = verdict.kind === 'reply' ? verdict.reply.requestId : verdict.requestId
    log.debug('request', {
      method: request.method, path: redact(request.path), status: result.status, ms: at - sentAt,
      requestId: requestId === undefined ? undefined : redact(requestId),
    })
    const retryAfter = result.status === 429 || result.status === 503 ? retryAfterMs(result.headers, at) : 0

    if (verdict.kind !== 'reply') call.heard = result
    if (verdict.kind === 'limited') {
      counts.limited += 1
      call.last = { kind: 'transient', code: 'rate-limited', words: verdict.words, advice: waitAdvice, requestId }
      pacer.end({ type: 'limited', at, sentAt, epoch, told: headers, retryAfterMs: retryAfter, random: random() })
      pacer.add(call, 'head')
      return
    }
    if (verdict.kind === 'trouble' && headers === undefined) pacer.end({ type: 'lost', at, sentAt, epoch, counted: true })
    else pacer.end({ type: 'answered', at, sentAt, epoch, told: headers })

    if (verdict.kind === 'reply') {
      settle(call)
      witness(call, result, requestId, undefined)
      call.resolve(verdict.reply)
      return
    }
    if (verdict.kind === 'refused' && verdict.code === 'unauthorized') {
      fail(call, {
        kind: 'auth', code: verdict.code, words: verdict.words, requestId,
        advice: 'Check the token, and that the base URL or region is that of its account.',
      })
      return
    }
    call.mayHaveApplied ||= request.effect === 'write'
    if (verdict.kind === 'refused') {
      fail(call, {
        kind: 'config', code: verdict.code, words: verdict.words, requestId,
        advice: 'Redirects are not followed: set the base URL or region to the address that answers by itself.',
      })
      return
    }
    retry(call, { kind: 'transient', code: verdict.code, words: verdict.words, advice: waitAdvice, requestId }, request.repeatable, retryAfter)
  }

  function unanswered(call: Call, error: Error & { code?: unknown }, sent: boolean): void {
    const { sentAt, epoch, request } = call
    const at = now()
    pacer.end({ type: 'lost', at, sentAt, epoch, counted: sent })
    if (error.code === 'UND_ERR_INVALID_ARG') {
      fail(call, { kind: 'bug', code: 'malformed-request', words: `cannot be sent this request: ${error.message}` })
      return
    }
    const trouble = networkTrouble(error)
    log.debug('request failed', { method: request.method, path: redact(request.path), code: trouble.code, ms: at - sentAt })
    if (sent) reached = true
    call.mayHaveApplied ||= sent && request.effect === 'write'
    const { code, words, advice } = trouble
    if (!reached && (trouble.lasting || at - (firstTriedAt ?? at) >= firstContactMs)) {
      neverReached({ kind: trouble.lasting ? 'config' : 'transient', code, words, advice })
      return
    }
    retry(call, { kind: 'transient', code, words, advice }, request.repeatable || !sent, 0)
  }

  /** All who wait, wait for the same host. */
  function neverReached(trouble: Trouble): void {
    pacer.clear()
    for (const call of [...live]) if (!flying.has(call)) fail(call, trouble)
  }

  function retry(call: Call, trouble: Trouble, allowed: boolean, retryAfter: number): void {
    const at = now()
    if (call.troubles > 0) call.patienceMs -= at - call.sentAt
    const wanted = Math.max(retryAfter, backoffMs(backoff, call.troubles, random()))
    // The last try before first contact is given up comes at its end, not after it.
    const delay = reached ? wanted : Math.min(wanted, Math.max(0, (firstTriedAt ?? at) + firstContactMs - at))
    call.troubles += 1
    call.patienceMs -= delay
    call.last = trouble
    if (!allowed || call.patienceMs < 0 || at + delay > deadline) return fail(call, trouble)
    call.timer = setTimeout(() => pacer.add(call, 'head'), delay)
  }

  function count(call: Call): void {
    counts[call.request.effect] += 1
    if (call.tries > 1) counts.retried += 1
  }

  function fail(call: Call, trouble: Trouble): void {
    settle(call)
    const fault = faultOf(call, trouble, base.host, redact)
    witness(call, call.heard, trouble.requestId, fault)
    call.reject(fault)
  }

  function witness({ seen, wire: { method, path, body } }: Call, heard: WireResult | undefined, requestId: string | undefined, fault: Fault | undefined): void {
    seen?.push({ method, path, body, status: heard?.status, answer: heard?.text ?? '', requestId, fault })
  }

  function settle(call: Call): void {
    clearTimeout(call.timer)
    live.delete(call)
    if (live.size === 0) whenIdle?.()
    if (whenRoom.length === 0 || live.size >= room) return
    const woken = whenRoom
    whenRoom = []
    for (const wake of woken) wake()
  }

  function abort(): void {
    pacer.clear()
    for (const call of flying) {
      if (call.exchange?.sent !== true) continue
      count(call)
      call.mayHaveApplied ||= call.request.effect === 'write'
    }
    flying.clear()
    for (const call of [...live]) fail(call, cancelled)
    void wire.destroy()
  }

  async function finish(): Promise<void> {
    if (live.size > 0) await new Promise<void>((resolve) => (whenIdle = resolve))
    watch.stop()
    signal.removeEventListener('abort', abort)
    await pacer.leave().catch((error: unknown) => log.debug('what was left of the rate budget is given back by time', { why: redact(String(error)) }))
    await (signal.aborted ? wire.destroy() : wire.close())
  }

  signal.addEventListener('abort', abort)
  return {
    send,
    redact,
    counts,
    get pending() {
      return live.size
    },
    hungry: () => live.size < room ? Promise.resolve() : new Promise((resolve) => void whenRoom.push(resolve)),
    useBudget: (budget) => pacer.share(budget),
    expect: (calls) => pacer.expect(calls),
    get rate() {
      const { limit, left, endsAt } = pacer.state
      return rateKnown ? { limit, remaining: left, resetsAt: endsAt } : undefined
    },
    close: () => (closing ??= finish()),
  }
}
