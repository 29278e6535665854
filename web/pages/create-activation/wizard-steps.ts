import { identifiersIn, textIn, type Config } from '../../lib/activation-config.ts'
import type { Step } from '../../ui/steps.tsx'

export const stepIds = ['warehouse', 'target', 'data', 'mapping', 'plan'] as const
export type StepId = (typeof stepIds)[number]

export function isStepId(id: unknown): id is StepId {
  return stepIds.some((each) => each === id)
}

const labels: Readonly<Record<StepId, string>> = {
  warehouse: 'Select Warehouse',
  target: 'Select a Target',
  data: 'Select the Data',
  mapping: 'Field Mapping',
  plan: 'The plan',
}

/** The state of each step. A step is open when all previous steps are done. */
export function wizardSteps(name: string, config: Config): readonly Step<StepId>[] {
  const object = textIn(config, 'object')
  const isMapped =
    name.trim() !== '' &&
    object !== '' &&
    textIn(config, 'behavior') !== '' &&
    identifiersIn(config).some(({ column }) => column !== '')
  const done: Readonly<Record<StepId, boolean>> = {
    warehouse: textIn(config, 'warehouse') !== '',
    target: textIn(config, 'target') !== '',
    data: textIn(config, 'query').trim() !== '',
    mapping: isMapped,
    plan: false,
  }
  const chosen: Readonly<Partial<Record<StepId, string>>> = {
    warehouse: textIn(config, 'warehouse'),
    target: textIn(config, 'target'),
    mapping: object,
  }
  return stepIds.map((id, at) => ({
    id,
    label: labels[id],
    isDone: done[id],
    isOpen: stepIds.slice(0, at).every((each) => done[each]),
    chosen: chosen[id],
  }))
}
