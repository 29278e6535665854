import type { ComponentType } from 'react'
import type { z } from 'zod'
import type { activationDetail } from '../../../src/api/activations/contract.ts'

export type Activation = z.output<typeof activationDetail>

/** What each tab is handed. */
export interface TabProps {
  readonly activation: Activation
}

export interface ActivationTab {
  /** In the address. */
  readonly id: string
  readonly label: string
  /** A figure beside the label, while it is not zero. */
  readonly figure?: (activation: Activation) => number
  readonly content: ComponentType<TabProps>
}
