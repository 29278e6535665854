import type { activationDetail } from '../../../../src/api/activations/contract.ts'
import type { z } from 'zod'

export type ActivationDetail = z.output<typeof activationDetail>

export interface EditDialogProps {
  /** The last version read. It may change while the dialog is open, if another user saves. */
  readonly activation: ActivationDetail
  readonly opened: boolean
  readonly onClose: () => void
}
