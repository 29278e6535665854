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
 * Whether the user saw the effect of the current draft. `none`: only the schedule changes, so there is no effect.
 * `unknown`: the plan failed for a reason outside the draft, such as a Warehouse that is down.
 */
export type Effect = 'seen' | 'unseen' | 'none' | 'unknown'

const whenKeys = new Set(['schedule', 'cron', 'timezone'])

/** An edit of a saved Activation: shows its effect as a plan, and saves it against the version that was read. */
export function useActivationEdit(activation: ActivationDetail, onSaved: () => void) {
  const client = useQueryClient()
  const editing = useEditing(activation)
  const { config, base } = editing
  const [asked, setAsked] = useState<Config | null>(null)
  const isAsked = asked !== null && same(asked, config)
  const plan = usePlan(activation.name, config, isAsked)
  const isOnlyWhen = editing.isDirty && changedKeys(base.config, config).every(({ key }) => whenKeys.has(key))
  const save = useAction(updateActivation, {
    quiet: true,
    done: ({ name }) => `${name} is saved. The next Run uses the changes.`,
    onDone: (answer) => {
      editing.saved(answer)
      setAsked(null)
      onSaved()
    },
  })
  // A conflict with another user's change (412) is not an error of this edit, and is shown separately.
  const rejection = save.error !== null && problemOf(save.error).status === 412 ? null : save.error
  const errors = fieldErrorsOf(rejection ?? (isAsked ? plan.error : null))
  const seen =
    !isAsked || plan.isFetching ? 'unseen' : plan.isSuccess ? 'seen' : errors.length === 0 ? 'unknown' : 'unseen'
  const effect: Effect = isOnlyWhen ? 'none' : seen
  return {
    editing,
    plan,
    isAsked,
    effect,
    isSaving: save.isPending,
    error: rejection,
    errors,
    seeEffect: () => {
      save.reset()
      setAsked(config)
    },
    save: (run: boolean) =>
      save.mutate(
        { params: { activation: activation.name }, body: { config: toSend(config), run }, ifMatch: base.etag },
        {
          // Reload, so that the other user's version is shown beside this edit.
          onError: (error) => {
            if (problemOf(error).status === 412) readAgain(client)
          },
        },
      ),
  }
}
