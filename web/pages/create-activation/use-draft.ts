import { useState } from 'react'
import type { Config } from '../../lib/activation-config.ts'
import { elsewhere, step, type FieldError } from '../../lib/field-errors.ts'
import { changedKeys } from '../../lib/use-editing.ts'
import { keepDraft, type Draft } from './kept-draft.ts'

/** The draft, stored in this browser at each change. A change of a value clears its errors. */
export function useDraft(from: string | null, start: Draft) {
  const [draft, setDraft] = useState(start)
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const put = (next: Draft): void => {
    setDraft(next)
    keepDraft(from, next)
  }
  return {
    draft,
    errors,
    setErrors,
    setConfig: (config: Config) => {
      setErrors(
        elsewhere(
          errors,
          changedKeys(draft.config, config).map(({ key }) => step(key)),
        ),
      )
      put({ ...draft, config })
    },
    setName: (name: string) => {
      setErrors(elsewhere(errors, ['/name']))
      put({ ...draft, name })
    },
  }
}
