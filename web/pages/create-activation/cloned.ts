import { withKeys, type Config } from '../../lib/activation-config.ts'
import type { Draft } from './kept-draft.ts'

/** A copy that is its own: it takes over nothing of what the original remembers, unless that is asked for. */
export function cloned(name: string, config: Config): Draft {
  return { name: `${name}-copy`, config: withKeys(config, { adopts: undefined }) }
}
