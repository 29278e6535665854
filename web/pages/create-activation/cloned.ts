import { withKeys, type Config } from '../../lib/activation-config.ts'
import type { Draft } from './kept-draft.ts'

/** A copy that does not take over the original's state, unless the user asks for it later. */
export function cloned(name: string, config: Config): Draft {
  return { name: `${name}-copy`, config: withKeys(config, { adopts: undefined }) }
}
