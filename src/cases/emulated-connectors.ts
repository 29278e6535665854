import { z } from 'zod'
import type { Connectors } from '../config/config.ts'

/** How to reach an emulator: what stands in a Target's config in place of the user's own. */
export interface Address {
  readonly token: string
  readonly baseUrl: string
}

/**
 * The same Connectors, for tests: Targets lead to their emulators, whatever token and address tailrace.yaml gives them, and Warehouses
 * take any config, unless their queries are to run. So nothing of it has to be set that is a secret.
 */
export function emulatedConnectors(connectors: Connectors, emulated: ReadonlyMap<string, Address>, runsWarehouses: boolean): Connectors {
  return {
    ...connectors,
    async warehouse(type) {
      const spec = await connectors.warehouse(type)
      return spec === undefined || runsWarehouses ? spec : { ...spec, config: z.unknown() }
    },
    async target(type) {
      const spec = await connectors.target(type)
      if (spec === undefined) return undefined
      const address = emulated.get(type)
      const config = address === undefined ? z.unknown() : z.preprocess((written) => ({ ...withoutUnset(written), ...address }), spec.config)
      return { ...spec, config }
    },
  }
}

/** Less what a variable that is not set was to say: the Target's own default holds. */
function withoutUnset(written: unknown): object {
  if (typeof written !== 'object' || written === null) return {}
  return Object.fromEntries(Object.entries(written).filter(([, value]) => typeof value !== 'string' || !/\$\{[^}]*\}/.test(value)))
}
