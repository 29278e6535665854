import type { TestContext } from 'node:test'
import { behaviors } from '../../behaviors/registry.gen.ts'
import { forEachOperation } from '../../connect/deliver-groups.ts'
import type { TargetSpec } from '../../connect/target.ts'
import type { Activation } from '../../engine/activation.ts'
import { behaviorFor } from '../../model/behavior.ts'
import type { Key } from '../../model/record.ts'
import { startHostileHttp } from '../failures/hostile-http.ts'
import { simulateTarget } from './simulated-target.ts'
import { simulateWarehouse } from './simulated-warehouse.ts'

export const quotaName = 'requests a day'

/** A Target whose tags are written over HTTP, one call each, as far as its quota goes. */
export interface QuotaTarget {
  readonly spec: TargetSpec
  /** The target records with the tag. */
  readonly tagged: ReadonlyMap<Key, unknown>
  /** Keys of the writes that were applied, in order. */
  readonly applied: readonly Key[]
  /** Calls that arrived after the quota was used up. */
  readonly rejected: number
  /** Calls left in the quota. */
  left: number
  /** When the quota returns, in epoch milliseconds. At that time `left` becomes `renewsTo`. */
  returnsAt: number
  renewsTo: number
}

export interface QuotaOptions {
  readonly left: number
  readonly returnsAt: number
  /** Every answer reports the quota. Otherwise only the answer to a call beyond it does, as if other apps used it up. */
  readonly reports: boolean
}

export async function startQuotaTarget(
  t: TestContext,
  keys: readonly Key[],
  options: QuotaOptions,
): Promise<QuotaTarget> {
  const simulated = simulateTarget(keys)
  const applied: Key[] = []
  const limit = Math.max(options.left, 1_000)
  const quota = { left: options.left, returnsAt: options.returnsAt, renewsTo: 0, rejected: 0 }
  const server = await startHostileHttp(({ method, path }) => {
    const inMs = quota.returnsAt - Date.now()
    if (inMs <= 0 && quota.renewsTo > 0) quota.left = quota.renewsTo
    if (quota.left <= 0) {
      quota.rejected += 1
      return { status: 429, body: { code: 'DAILY', inMs } }
    }
    quota.left -= 1
    if (method === 'POST') {
      const key = decodeURIComponent(path.slice('/tags/'.length))
      applied.push(key)
      simulated.tagged.set(key, { by: 'us', appliedAt: Math.floor(Date.now() / 1000) })
    }
    const headers = options.reports
      ? { 'x-max': String(limit), 'x-left': String(quota.left), 'x-returns-in': String(Math.max(0, inMs)) }
      : {}
    return { headers, body: {} }
  })
  t.after(() => server.close())

  const [object] = simulated.spec.objects
  if (object === undefined) throw new Error('the simulated Target has no object')
  const spec: TargetSpec = {
    ...simulated.spec,
    http: () => ({
      baseUrl: server.baseUrl,
      auth: { bearer: 'none' },
      concurrency: 4,
      limits: [
        {
          name: quotaName,
          kind: 'quota',
          scope: 'account',
          requests: limit,
          perMs: 86_400_000,
          read: (headers) =>
            headers['x-left'] === undefined
              ? undefined
              : {
                  limit: Number(headers['x-max']),
                  remaining: Number(headers['x-left']),
                  resetsInMs: Number(headers['x-returns-in']),
                },
        },
      ],
      verdict: ({ status, body }) =>
        status === 429
          ? { is: 'exhausted', limit: quotaName, afterMs: Math.max(1, (body as { inMs: number }).inMs) }
          : undefined,
    }),
    async identify(io) {
      await io.http.send({ method: 'GET', path: '/me', effect: 'read', repeatable: true })
      return await simulated.spec.identify(io)
    },
    objects: [
      {
        ...object,
        deliver: (io, _ready, operations) =>
          forEachOperation(operations, async ({ key }) => {
            const path = `/tags/${encodeURIComponent(key)}`
            await io.http.send({ method: 'POST', path, effect: 'write', repeatable: true })
            return { status: 'delivered', targetId: key }
          }),
      },
    ],
  }
  return Object.assign(quota, { spec, tagged: simulated.tagged, applied })
}

/** Attaches the tag to all of these target records. */
export function quotaActivation(name: string, { spec }: QuotaTarget, keys: readonly Key[]): Activation {
  const [object] = spec.objects
  const attach = behaviors['attach']
  const behavior = object && attach && behaviorFor(attach, object)
  if (object === undefined || behavior === undefined) throw new Error('the simulated Target cannot attach')
  const warehouse = simulateWarehouse()
  warehouse.rows = keys
  return {
    name,
    query: 'select id from simulated',
    behavior,
    object,
    settings: { tags: ['Tag'] },
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: { name: 't', spec, config: {}, secrets: [] },
    identifier: { field: 'id', column: 'id' },
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
  }
}
