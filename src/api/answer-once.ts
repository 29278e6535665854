import type { FastifyRequest } from 'fastify'
import { Fault } from '../model/fault.ts'
import { askOnce, forgetAsked, keepAnswer } from '../store/project/idempotency.ts'
import type { Services } from './services.ts'

export interface OneAnswer {
  readonly status: number
  readonly given: unknown
  readonly replayed: boolean
}

/** With an `Idempotency-Key`, does the work once and keeps its answer for a day. Failures are not kept: retry them. */
export async function answerOnce(
  { database: { pool }, sealer, log }: Services,
  request: FastifyRequest,
  status: number,
  work: () => Promise<unknown>,
): Promise<OneAnswer> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return { status, given: await work(), replayed: false }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Fault('usage', 'The header Idempotency-Key must be one word of at most 255 ASCII characters.', {
      code: 'idempotency-key-unfit',
      advice: 'Send a random one, such as a UUID.',
    })
  }
  const asked = await askOnce(pool, key, sealer.digest(JSON.stringify([request.method, request.url, request.body])))
  if (asked === 'other') {
    throw new Fault('usage', 'This Idempotency-Key was used for another request.', {
      code: 'idempotency-key-reused',
      advice: 'Use a new key for each request that creates something.',
    })
  }
  if (asked === 'busy') {
    throw new Fault('blocked', 'The first request with this Idempotency-Key is still in progress.', {
      code: 'idempotency-key-busy',
      advice: 'Send the request again in a moment.',
    })
  }
  if (asked !== 'first') return { status: asked.status, given: asked.reply, replayed: true }
  const given = await work().catch(async (error: unknown) => {
    await forgetAsked(pool, key)
    throw error
  })
  // The work is done. If its answer cannot be saved, the key stays busy, so a retry cannot do the work twice.
  await keepAnswer(pool, key, { status, reply: given }).catch((error: unknown) =>
    log.warn('an answer could not be saved for its Idempotency-Key', {
      message: error instanceof Error ? error.message : String(error),
    }),
  )
  return { status, given, replayed: false }
}
