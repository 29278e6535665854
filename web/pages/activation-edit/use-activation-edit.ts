import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { updateActivation } from '../../../src/api/activations/contract.ts'
import { toSend, type Config } from '../../lib/activation-config.ts'
import { problemOf } from '../../lib/api-error.ts'
import { readAgain } from '../../lib/read-again.ts'
import { fieldErrorsOf } from '../../lib/field-errors.ts'
import { same } from '../../lib/same.ts'
import { useAction } from '../../lib/use-api.ts'
import { useEditing } from '../../lib/use-editing.ts'
import { usePlan } from '../../lib/use-plan.ts'
import type { ActivationDetail } from './edit-dialog-props.ts'

/** An edit of a saved Activation: its effect as a plan, and saving it on what was read. */
export function useActivationEdit(activation: ActivationDetail, onSaved: () => void) {
  const client = useQueryClient()
  const editing = useEditing(activation)
  const { config, base } = editing
  const [asked, setAsked] = useState<Config | null>(null)
  const isAsked = asked !== null && same(asked, config)
  const plan = usePlan(activation.name, config, isAsked)
  const save = useAction(updateActivation, {
    quiet: true, done: ({ name }) => `${name} is saved: used from the next Run.`,
    onDone: (answer) => {
      editing.saved(answer)
      setAsked(null)
      onSaved()
    },
  })
  // What another person changed is no mistake of this edit: it is shown on its own.
  const refusal = save.error !== null && problemOf(save.error).status === 412 ? null : save.error
  return {
    editing, plan, isAsked, isSaving: save.isPending,
    error: refusal, errors: fieldErrorsOf(refusal ?? (isAsked ? plan.error : null)),
    seeEffect: () => {
      save.reset()
      setAsked(config)
    },
    save: (run: boolean) => save.mutate({ params: { activation: activation.name }, body: { config: toSend(config), run }, ifMatch: base.etag }, {
      // What the other person saved is read, and shown beside this.
      onError: (error) => { if (problemOf(error).status === 412) readAgain(client) },
    }),
  }
}
