import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { updateActivation } from '../../../../src/api/activations/contract.ts'
import { toSend, type Config } from '../../../lib/activation-config.ts'
import { problemOf } from '../../../lib/api-error.ts'
import { readAgain } from '../../../lib/read-again.ts'
import { fieldErrorsOf } from '../../../lib/field-errors.ts'
import { same } from '../../../lib/same.ts'
import { useAction } from '../../../lib/use-api.ts'
import { changedKeys, useEditing } from '../../../lib/use-editing.ts'
import { usePlan } from '../use-plan.ts'
import type { ActivationDetail } from './edit-dialog-props.ts'

/**
 * Whether the effect of just this draft has been seen. `none`: only when it runs changes, so there is nothing to see. `unknown`: it was
 * asked for, and there is trouble that is not in the draft, such as a Warehouse that is down.
 */
export type Effect = 'seen' | 'unseen' | 'none' | 'unknown'

const whenKeys = new Set(['schedule', 'cron', 'timezone'])

/** An edit of a saved Activation: its effect as a plan, and saving it on what was read. */
export function useActivationEdit(activation: ActivationDetail, onSaved: () => void) {
  const client = useQueryClient()
  const editing = useEditing(activation)
  const { config, base } = editing
  const [asked, setAsked] = useState<Config | null>(null)
  const isAsked = asked !== null && same(asked, config)
  const plan = usePlan(activation.name, config, isAsked)
  const isOnlyWhen = editing.isDirty && changedKeys(base.config, config).every(({ key }) => whenKeys.has(key))
  const save = useAction(updateActivation, {
    quiet: true, done: ({ name }) => `${name} is saved: used from the next Run.`,
    onDone: (answer) => {
      editing.saved(answer)
      setAsked(null)
      onSaved()
    },
  })
  // What another person changed is no mistake of this edit: it is shown on its own.
  const rejection = save.error !== null && problemOf(save.error).status === 412 ? null : save.error
  const errors = fieldErrorsOf(rejection ?? (isAsked ? plan.error : null))
  const seen = !isAsked || plan.isFetching ? 'unseen' : plan.isSuccess ? 'seen' : errors.length === 0 ? 'unknown' : 'unseen'
  const effect: Effect = isOnlyWhen ? 'none' : seen
  return {
    editing, plan, isAsked, effect, isSaving: save.isPending, error: rejection, errors,
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
