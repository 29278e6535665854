import type { Connectors } from '../../config/config.ts'
import type { Schedule } from '../../rules/schedule.ts'
import { findObject, type TargetObject } from '../../connect/target.ts'
import type { Fault } from '../../model/fault.ts'
import type { ProjectEntry } from '../../store/project/project-entries.ts'
import { troubleOf, type ProjectConfig } from './project-config.ts'

/** What is known of a saved Activation without calling its Warehouse or Target. */
export interface Judgement {
  /** Why it cannot run; undefined if it can. */
  readonly trouble: Fault | undefined
  /** Null: manual, or not valid. */
  readonly schedule: Schedule | null
  /** The object that it writes; undefined if unknown. */
  readonly object: TargetObject | undefined
}

export interface ValidationCache {
  /** By name. */
  of(
    activations: readonly ProjectEntry[],
    connections: readonly ProjectEntry[],
  ): Promise<ReadonlyMap<string, Judgement>>
}

/** Caches validation results for lists, until a revision of the Activation or of any Connection changes. */
export function createValidationCache(
  connectors: Connectors,
  readConfig: (entries: readonly ProjectEntry[]) => Promise<ProjectConfig>,
): ValidationCache {
  let known = new Map<string, { readonly revision: number; readonly judgement: Judgement }>()
  let around = ''
  return {
    async of(activations, connections) {
      const now = connections.map(({ revision }) => revision).join()
      if (now !== around) {
        known = new Map()
        around = now
      }
      const found = known
      const fresh = activations.filter(({ name, revision }) => found.get(name)?.revision !== revision)
      if (fresh.length > 0) {
        const composition = await readConfig([...connections, ...fresh])
        for (const entry of fresh)
          found.set(entry.name, { revision: entry.revision, judgement: await validate(entry, composition, connectors) })
      }
      return new Map(
        activations.flatMap(({ name }): [string, Judgement][] => {
          const judgement = found.get(name)?.judgement
          return judgement === undefined ? [] : [[name, judgement]]
        }),
      )
    },
  }
}

async function validate(
  { name, body }: ProjectEntry,
  composition: ProjectConfig,
  connectors: Connectors,
): Promise<Judgement> {
  const type = composition.config.targets.get(String(body['target']))?.type
  const spec = type === undefined ? undefined : await connectors.target(type)
  return {
    trouble: troubleOf(composition, name, { warehouse: body['warehouse'], target: body['target'] }),
    schedule: composition.config.activations.get(name)?.schedule ?? null,
    object: spec && findObject(spec, String(body['object'])),
  }
}
