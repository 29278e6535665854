import { behaviorFor } from '../../model/behavior.ts'
import { behaviors } from '../../behaviors/registry.gen.ts'
import type { Activation } from '../../engine/activation.ts'
import type { Ports } from '../../engine/ports.ts'
import type { MappedField } from '../../model/mapping.ts'
import { targets } from '../../targets/registry.gen.ts'
import type { SimulatedWarehouse } from '../simulated/simulated-warehouse.ts'

export interface IntercomCase {
  readonly name: string
  /** `contact_tag`, … */
  readonly object: string
  readonly behavior: string
  readonly warehouse: SimulatedWarehouse
  readonly tags?: readonly string[]
  readonly delivery?: 'batch' | 'single'
  readonly concurrency?: number
  /** Other settings of the object. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Default: the column `id` contains the id. */
  readonly identifier?: Activation['identifier']
  /** Maps columns to Fields: `{ Field: column }`, or `{ Field: options }`. */
  readonly mapping?: Readonly<Record<string, string | Partial<MappedField>>>
  readonly more?: Partial<Activation>
}

/** An Activation of the real Intercom target on an emulator, with rows that a test sets and all guardrails off. */
export async function intercomActivation(
  intercom: { readonly url: string; readonly token: string },
  {
    name,
    object,
    behavior,
    warehouse,
    tags,
    delivery = 'batch',
    concurrency = 50,
    settings,
    identifier,
    mapping,
    more,
  }: IntercomCase,
): Promise<Activation> {
  const spec = await targets.intercom?.()
  const chosen = spec?.objects.find(({ id }) => id === object)
  const known = behaviors[behavior]
  const table = known && chosen && behaviorFor(known, chosen)
  if (spec === undefined || chosen === undefined || table === undefined)
    throw new Error(`There is no intercom target with ${object} and ${behavior}.`)
  return {
    name,
    query: 'select id from simulated',
    behavior: table,
    object: chosen,
    settings: chosen.settings.parse(tags === undefined ? (settings ?? {}) : { tags, delivery, ...settings }),
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: {
      name: 't',
      spec,
      config: spec.config.parse({ token: intercom.token, baseUrl: intercom.url, concurrency }),
      secrets: [intercom.token],
    },
    identifier: identifier ?? { field: 'id', column: 'id' },
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
    ...(mapping && {
      mapping: { fields: Object.entries(mapping).map(([field, from]) => mapped(field, from)), autoMap: false },
    }),
    ...more,
  }
}

function mapped(field: string, from: string | Partial<MappedField>): MappedField {
  const plain = {
    field,
    from: { column: typeof from === 'string' ? from : field },
    clean: [],
    onNull: 'skip' as const,
    onlyIfEmpty: false,
  }
  return typeof from === 'string' ? plain : { ...plain, ...from }
}

export function quietPorts(database: Ports['database']): Ports {
  return {
    database,
    now: Date.now,
    random: Math.random,
    worker: 'test',
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    progress: () => undefined,
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  }
}
