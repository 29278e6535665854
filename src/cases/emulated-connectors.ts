import { z } from 'zod'
import type { Connectors } from '../config/config.ts'

/** The address of an emulator. It replaces the user's own values in a Target's config. */
export interface Address {
  readonly token: string
  readonly baseUrl: string
}

/**
 * The same Connectors, for tests. Targets use their emulators, whatever token and address tailrace.yaml has. Warehouses
 * accept any config, unless their queries run. So a test needs no secrets.
 */
export function emulatedConnectors(
  connectors: Connectors,
  emulated: ReadonlyMap<string, Address>,
  runsWarehouses: boolean,
): Connectors {
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
      const config =
        address === undefined
          ? z.unknown()
          : z.preprocess((written) => ({ ...withoutUnset(written), ...address }), spec.config)
      return { ...spec, config }
    },
  }
}

/** Leaves out values with an unset variable, so that the Target's default applies. */
function withoutUnset(written: unknown): object {
  if (typeof written !== 'object' || written === null) return {}
  return Object.fromEntries(
    Object.entries(written).filter(([, value]) => typeof value !== 'string' || !/\$\{[^}]*\}/.test(value)),
  )
}
