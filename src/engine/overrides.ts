import type { GuardRule } from '../rules/guardrails.ts'
import type { Activation } from './activation.ts'

/** `--allow create` is the Activation's own leave to create, for one Run. */
export function withOverrides(activation: Activation, allow: readonly GuardRule[]): Activation {
  const setting = activation.object.group?.createSetting ?? activation.object.fields?.createSetting
  if (setting === undefined || !allow.includes('create')) return activation
  return { ...activation, settings: { ...(activation.settings as object), [setting]: true } }
}
