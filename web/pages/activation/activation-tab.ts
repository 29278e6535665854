import type { ComponentType } from 'react'
import type { z } from 'zod'
import type { activationDetail } from '../../../src/api/activations/contract.ts'

export type Activation = z.output<typeof activationDetail>

/** Props of each tab. */
export interface TabProps {
  readonly activation: Activation
}

export interface ActivationTab {
  /** Its name in the URL. */
  readonly id: string
  readonly label: string
  /** A number beside the label; hidden if zero. */
  readonly figure?: (activation: Activation) => number
  readonly content: ComponentType<TabProps>
}
