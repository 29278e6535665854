import type { activationDetail } from '../../../../src/api/activations/contract.ts'
import type { z } from 'zod'

export type ActivationDetail = z.output<typeof activationDetail>

export interface EditDialogProps {
  /** As it was last read; may change while the dialog is open, when another person saves. */
  readonly activation: ActivationDetail
  readonly opened: boolean
  readonly onClose: () => void
}
