import type { HttpReply, HttpRequest } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import { backoffMs } from './limits/backoff.ts'
import { attemptWatch } from './attempt-watch.ts'
import type { HttpClient, HttpClientOptions } from './http-client-contract.ts'
import { firstContact } from './first-contact.ts'
import { callLog } from './call-log.ts'
import { accessSource } from './access.ts'
import {
  cancelled,
  faultOf,
  malformed,
  newCall,
  notCalled,
  producerFault,
  troubleOf,
  turnless,
  type HttpCall,
  type CallTrouble,
} from './http-call.ts'
import { liveCalls } from './live-calls.ts'
import { openStreams } from './open-streams.ts'
import { tokenQueue } from './token-queue.ts'
import { verdictOf } from './http-verdict.ts'
import { isLate, lateToLeave, networkTrouble, notSure, proxyTrouble } from './network-trouble.ts'
import { createPacer, type Turn } from './pacer.ts'
import { retryAfterMs } from './reported-figures.ts'
import { createSecretRegistry } from './redact.ts'
import { keepAliveFor, type WireResult } from './wire.ts'
import { captureCall, type CapturedCall } from './captured-call.ts'

/** A request sent before the deadline may still be answered for this long after it. */
const answerMs = 1_000
/**
 * After a stop, requests in flight may still be answered for this long, and reads that confirm writes may still run.
 */
const stopMs = 5_000
/** Statuses whose `retry-after` is followed. */
const mayAskToWait: ReadonlySet<number> = new Set([429, 503])

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { policy, signal, stop, now, random, log } = options
  const {
    deadline = Infinity,
    patienceMs = 60_000,
    firstContactMs = 5_000,
    backoff = { baseMs: 250, capMs: 30_000 },
  } = options
  const { hide, redact } = createSecretRegistry()
  hide(options.secrets)
  const requestIdHeader = policy.requestIdHeader?.toLowerCase()
  const { limits, concurrency } = policy
  const pacer = createPacer({ limits, concurrency, backoff, now, random, deadline })
  const logs = callLog(log, redact)
  const source = accessSource({
    ...{ policy, signal, deadline, patienceMs, firstContactMs, backoff, now, random, log, hide, redact },
    proxies: options.proxies ?? {},
    tokens: options.tokens,
    wire: {
      connections: concurrency,
      connectTimeoutMs: Math.min(5_000, firstContactMs),
      keepAliveMs: keepAliveFor(limits),
      rejects: () => (!pacer.mayLeave() ? lateToLeave() : options.lock?.isSure() === false ? notSure() : undefined),
    },
  })
  const turns = tokenQueue({ source, pacer, now, deadline, fail: (call, fault) => failWith(call, undefined, fault) })
  const counts = { read: 0, write: 0, retried: 0, limited: 0 }
  const live = liveCalls(2 * concurrency)
  const flying = new Set<HttpCall>()
  let lastTurn = deadline
  let cutAt = deadline + answerMs
  const hostOf = (call: HttpCall): string => call.access?.base.host ?? source.host
  const streams = openStreams({ now, cutAt: () => cutAt, host: hostOf, redact })
  const watch = attemptWatch(flying, now, () => cutAt)
  const contact = firstContact(firstContactMs)
  let closing: Promise<void> | undefined

  function send(request: HttpRequest, seen?: CapturedCall[]): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const call = newCall(request, seen, patienceMs, resolve, reject)
      call.start = (turn) => attempt(call, turn)
      call.expire = (why) =>
        fail(
          call,
          why.is === 'no-budget' || why.is === 'exhausted'
            ? turnless(why)
            : (call.last ?? (stop?.aborted === true ? notCalled : turnless(why))),
        )
      if (stop?.aborted === true && request.effect === 'write')
        return reject(faultOf(call, notCalled, source.host, redact))
      if (signal.aborted) return reject(faultOf(call, cancelled, source.host, redact))
      if (closing !== undefined)
        return reject(new Fault('bug', 'a request was made after its client was closed', { code: 'client-closed' }))
      live.add(call)
      turns.add(call, 'end')
    })
  }

  function attempt(call: HttpCall, turn: Turn): void {
    const access = source.current()
    if (access === undefined) {
      // The token expired while the call waited for its turn.
      pacer.end(turn, { is: 'not-sent', at: turn.sentAt })
      return turns.add(call, 'head')
    }
    const request = access.base.wireRequest(call.request)
    const { collected, streamed } = access.wires
    call.access = access
    call.wire = request
    contact.tried(turn.sentAt)
    call.sentAt = turn.sentAt
    call.turn = turn
    call.tries += 1
    call.heard = undefined
    flying.add(call)
    call.exchange = (request.streams ? streamed : collected).exchange(request, (result) => attempted(call, result))
    watch.expect(call.timeoutMs)
  }

  function attempted(call: HttpCall, result: WireResult): void {
    if (!live.has(call)) return
    flying.delete(call)
    call.exchange = undefined
    if (result.sent) count(call)
    if (result.error === undefined) answered(call, result)
    else unanswered(call, result.error, result.sent)
  }

  function answered(call: HttpCall, result: WireResult): void {
    contact.reached()
    const at = now()
    const { turn, request } = call
    const { headers } = result
    const verdict = verdictOf(result, requestIdHeader, request.accept, policy.verdict)
    const requestId = verdict.kind === 'reply' ? verdict.reply.requestId : verdict.requestId
    logs.answered(call, result, requestId, at)
    const saidMs = 'afterMs' in verdict ? verdict.afterMs : 0
    const afterMs =
      saidMs || (verdict.kind === 'reply' || !mayAskToWait.has(result.status) ? 0 : retryAfterMs(headers, at))

    if (verdict.kind !== 'reply') call.heard = result
    if (verdict.kind === 'limited' || verdict.kind === 'exhausted' || verdict.kind === 'busy') {
      counts.limited += 1
      call.last = troubleOf(verdict)
      pacer.end(turn, { is: verdict.kind, at, headers, limit: verdict.limit, afterMs })
      return pacer.add(call, 'head')
    }
    pacer.end(turn, { is: verdict.kind === 'trouble' ? 'lost' : 'answered', at, headers })

    if (verdict.kind === 'reply') {
      settle(call)
      return call.resolve(streams.handOver(call, result, verdict.reply))
    }
    const trouble = troubleOf(verdict)
    if (verdict.kind === 'refused' && verdict.code === 'unauthorized') {
      // A call that was answered with 401 was not applied, so a write may be sent again, too.
      if (!source.renews || call.renewed) return fail(call, trouble)
      if (stop?.aborted === true && request.effect === 'write') return fail(call, call.last ?? notCalled)
      call.renewed = true
      return turns.add(call, 'head', call.access)
    }
    call.mayHaveApplied ||= request.effect === 'write'
    if (verdict.kind === 'refused') return fail(call, trouble)
    retry(call, trouble, request.repeatable, afterMs)
  }

  function unanswered(call: HttpCall, error: Error & { code?: unknown }, sent: boolean): void {
    const { turn, request } = call
    const at = now()
    pacer.end(turn, { is: sent ? 'lost' : 'not-sent', at })
    if (error.code === 'UND_ERR_INVALID_ARG' && proxyTrouble(error) === undefined) return fail(call, malformed(error))
    const failure = producerFault(call, sent)
    if (failure !== undefined) return failWith(call, undefined, failure)
    if (isLate(error) && !sent) return pacer.add(call, 'head')
    const trouble = networkTrouble(error)
    logs.unanswered(call, trouble.code, at)
    if (sent) contact.reached()
    call.mayHaveApplied ||= sent && request.effect === 'write'
    const { code, words, advice } = trouble
    // An unconfirmed write concerns one Record only. A read without an answer ends the Run.
    if (trouble.final === true)
      return fail(call, { kind: sent && request.effect === 'write' ? 'transient' : 'config', code, words, advice })
    if (contact.isHopeless(at, trouble.lasting))
      return neverReached({ kind: trouble.lasting ? 'config' : 'transient', code, words, advice })
    retry(call, { kind: 'transient', code, words, advice }, request.repeatable || !sent, 0)
  }

  /** Every queued call targets the same host, so fail them all. */
  function neverReached(trouble: CallTrouble): void {
    pacer.clear()
    for (const call of [...live]) if (!flying.has(call)) fail(call, trouble)
  }

  function retry(call: HttpCall, trouble: CallTrouble, allowed: boolean, retryAfter: number): void {
    const at = now()
    if (call.troubles > 0) call.patienceMs -= at - call.sentAt
    const delay = contact.shorten(Math.max(retryAfter, backoffMs(backoff, call.troubles, random())), at)
    call.troubles += 1
    call.patienceMs -= delay
    call.last = trouble
    const over = at + delay >= lastTurn || (stop?.aborted === true && call.request.effect === 'write')
    if (!allowed || call.patienceMs < 0 || over) return fail(call, trouble)
    call.timer = setTimeout(() => pacer.add(call, 'head'), delay)
  }

  function count(call: HttpCall): void {
    counts[call.request.effect] += 1
    if (call.tries > 1) counts.retried += 1
  }

  function fail(call: HttpCall, trouble: CallTrouble): void {
    failWith(call, trouble.requestId, faultOf(call, trouble, hostOf(call), redact))
  }

  function failWith(call: HttpCall, requestId: string | undefined, fault: Fault): void {
    settle(call)
    captureCall(call, call.heard, requestId, fault)
    call.reject(fault)
  }

  function settle(call: HttpCall): void {
    clearTimeout(call.timer)
    turns.delete(call)
    live.delete(call)
  }

  /** On stop: fail every write that is not in flight, with its last error if it has one. Reads continue. */
  function wind(): void {
    lastTurn = Math.min(lastTurn, now() + stopMs)
    cutAt = Math.min(cutAt, now() + stopMs)
    const reads = new Set(pacer.clear())
    for (const call of [...live]) {
      if (call.request.effect === 'read' || flying.has(call)) continue
      reads.delete(call)
      fail(call, call.last ?? notCalled)
    }
    for (const read of reads) pacer.add(read, 'end')
    pacer.endBy(lastTurn)
    turns.endBy(lastTurn)
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
    streams.abort()
    void source.destroy()
  }

  async function finish(): Promise<void> {
    await live.idle()
    streams.abort()
    await source.close()
    watch.stop()
    forget?.()
    signal.removeEventListener('abort', abort)
    stop?.removeEventListener('abort', wind)
    await pacer
      .leave()
      .catch((error: unknown) =>
        log.debug('the unused part of the rate budget is released when it expires', { why: redact(String(error)) }),
      )
    // All calls have ended, so the connections are no longer needed.
    await source.destroy()
  }

  signal.addEventListener('abort', abort)
  const forget = options.lock?.whenUnsure(source.reset)
  stop?.addEventListener('abort', wind)
  if (stop?.aborted === true) wind()
  return {
    send,
    redact,
    counts,
    get pending() {
      return live.size
    },
    hasCapacity: live.hasCapacity,
    useBudgets: (budgets) => pacer.share(budgets),
    expect: (calls) => pacer.expect(calls),
    get limits() {
      return pacer.reported()
    },
    get exhausted() {
      return pacer.exhausted
    },
    get proxy() {
      return source.proxy
    },
    close: () => (closing ??= finish()),
  }
}
