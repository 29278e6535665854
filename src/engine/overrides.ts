import type { GuardRule } from '../rules/guardrails.ts'
import type { Activation } from './activation.ts'

/** `--allow create` permits creation for one Run, as the Activation's own setting does. */
export function withOverrides(activation: Activation, allow: readonly GuardRule[]): Activation {
  const setting = activation.object.group?.createSetting ?? activation.object.fields?.createSetting
  if (setting === undefined || !allow.includes('create')) return activation
  return { ...activation, settings: { ...(activation.settings as object), [setting]: true } }
}
