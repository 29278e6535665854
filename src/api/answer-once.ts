import type { FastifyRequest } from 'fastify'
import { Fault } from '../model/fault.ts'
import { askOnce, forgetAsked, keepAnswer } from '../store/project/idempotency.ts'
import type { Services } from './services.ts'

export interface OneAnswer {
  readonly status: number
  readonly given: unknown
  readonly replayed: boolean
}

/** With an `Idempotency-Key`, the work is done once, and its answer kept for a day. What fails is not kept: it may be asked again. */
export async function answerOnce({ database: { pool }, sealer, log }: Services, request: FastifyRequest, status: number, work: () => Promise<unknown>): Promise<OneAnswer> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return { status, given: await work(), replayed: false }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Fault('usage', 'The header Idempotency-Key must be one word of at most 255 plain characters.', { code: 'idempotency-key-unfit', advice: 'Send a random one, such as a UUID.' })
  }
  const asked = await askOnce(pool, key, sealer.digest(JSON.stringify([request.method, request.url, request.body])))
  if (asked === 'other') {
    throw new Fault('usage', 'This Idempotency-Key was used for another request.', { code: 'idempotency-key-reused', advice: 'Make a new key for each thing that is to be created.' })
  }
  if (asked === 'busy') {
    throw new Fault('blocked', 'The first request with this Idempotency-Key is under way.', { code: 'idempotency-key-busy', advice: 'Ask again in a moment.' })
  }
  if (asked !== 'first') return { status: asked.status, given: asked.reply, replayed: true }
  const given = await work().catch(async (error: unknown) => {
    await forgetAsked(pool, key)
    throw error
  })
  // Done is done: where its answer cannot be kept the key stays under way, so that nobody has it done twice.
  await keepAnswer(pool, key, { status, reply: given })
    .catch((error: unknown) => log.warn('an answer was not kept for its Idempotency-Key', { message: error instanceof Error ? error.message : String(error) }))
  return { status, given, replayed: false }
}
