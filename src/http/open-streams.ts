import type { HttpReply } from '../connect/io.ts'
import type { Fault } from '../model/fault.ts'
import { capturedChars, captureCall } from './captured-call.ts'
import { cancelled, faultOf, type CallTrouble, type HttpCall } from './http-call.ts'
import { attemptTimeout, networkTrouble } from './network-trouble.ts'
import type { ReplyStream } from './reply-stream.ts'
import type { WireResult } from './wire.ts'

/** The streamed replies of a client that are not read to their end. */
export interface OpenStreams {
  /** The reply for its caller. Of a stream, the text ends early with a Fault; captured once it has ended. */
  handOver(call: HttpCall, result: WireResult, reply: HttpReply): HttpReply
  /** Ends all of them with a Fault `cancelled`. */
  abort(): void
}

export interface OpenStreamsOptions {
  readonly now: () => number
  /** No stream is read after this time, in epoch milliseconds. */
  readonly cutAt: () => number
  readonly host: (call: HttpCall) => string
  readonly redact: (text: string) => string
}

export function openStreams({ now, cutAt, host, redact }: OpenStreamsOptions): OpenStreams {
  const streams = new Set<ReplyStream>()
  const aborted = new WeakSet<ReplyStream>()

  async function* read(
    call: HttpCall,
    status: number,
    stream: ReplyStream,
    requestId: string | undefined,
  ): AsyncGenerator<string, void, undefined> {
    let beginning = ''
    let fault: Fault | undefined
    try {
      for (;;) {
        const startedAt = now()
        if (startedAt >= cutAt()) throw attemptTimeout()
        const text = await stream.next(() => Math.min(startedAt + call.timeoutMs, cutAt()), now)
        if (text === undefined) return
        if (beginning.length < capturedChars) beginning = (beginning + text).slice(0, capturedChars)
        yield text
      }
    } catch (error) {
      fault = faultOf(call, aborted.has(stream) ? cancelled : troubleIn(error as Error), host(call), redact)
      throw fault
    } finally {
      streams.delete(stream)
      stream.abandon(new Error('the reply was read to its end, or is no longer needed'))
      captureCall(call, { status, text: beginning }, requestId, fault)
    }
  }

  return {
    handOver(call, result, reply) {
      const { status, stream } = result
      if (stream === undefined) {
        captureCall(call, result, reply.requestId, undefined)
        return reply
      }
      streams.add(stream)
      return { ...reply, stream: read(call, status, stream, reply.requestId) }
    },
    abort() {
      for (const stream of streams) {
        aborted.add(stream)
        stream.abandon(new Error('cancelled'))
      }
    },
  }
}

/** A stream is not read again from its beginning by the client: the connector knows what it has used of it. */
function troubleIn(error: Error): CallTrouble {
  const { code, words, advice } = networkTrouble(error)
  return { kind: 'transient', code, words: `${words}, in the middle of its answer`, advice }
}
