// Written by `npm run gen` from the contents of src/targets/. Do not edit.
import type { TargetSpec } from '../connect/target.ts'

export const targets: Readonly<Record<string, () => Promise<TargetSpec>>> = {
  intercom: async () => (await import('./intercom/index.ts')).target,
}
