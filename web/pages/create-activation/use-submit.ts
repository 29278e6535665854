import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { createActivation } from '../../../src/api/activations/contract.ts'
import { checkDraft } from '../../../src/api/plans/contract.ts'
import { toSend } from '../../lib/activation-config.ts'
import { call } from '../../lib/call.ts'
import { fieldErrors, fieldErrorsOf, type FieldError } from '../../lib/field-errors.ts'
import { notifyTrouble } from '../../lib/notify.tsx'
import { useAction } from '../../lib/use-api.ts'
import { forgetDraft, type Draft } from './kept-draft.ts'
import type { StepId } from './wizard-steps.ts'

interface Submit {
  readonly from: string | null
  readonly draft: Draft
  readonly setErrors: (errors: readonly FieldError[]) => void
  readonly go: (step: StepId) => void
}

/** Checks the draft before its plan is made, and creates the Activation. Errors are shown beside their fields. */
export function useSubmit({ from, draft, setErrors, go }: Submit) {
  const navigate = useNavigate()
  const body = { name: draft.name.trim(), config: toSend(draft.config) }
  const checking = useMutation({
    mutationFn: () => call(checkDraft, { body: { ...(body.name !== '' && { name: body.name }), config: body.config } }),
    onSuccess: ({ ok, errors }) => {
      const nameless = body.name === '' ? [{ pointer: '/name', detail: 'is required' }] : []
      setErrors([...fieldErrors(errors), ...nameless])
      if (ok && nameless.length === 0) go('plan')
    },
    onError: notifyTrouble,
  })
  const creating = useAction(createActivation, {
    quiet: true,
    done: () => `${body.name} is created.`,
    onDone: ({ name }) => {
      forgetDraft(from)
      void navigate({ to: '/activations/$activation', params: { activation: name } })
    },
  })
  return {
    check: async () => {
      await checking.mutateAsync()
    },
    isChecking: checking.isPending,
    create: {
      run: (run: boolean) =>
        creating.mutate({ body: { ...body, run } }, { onError: (error) => setErrors(fieldErrorsOf(error)) }),
      isPending: creating.isPending,
      isError: creating.isError,
      error: creating.error,
    },
  }
}
