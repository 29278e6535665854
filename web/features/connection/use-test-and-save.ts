import { useQueryClient } from '@tanstack/react-query'
import { testConnection, updateConnection } from '../../../src/api/connections/contract.ts'
import { problemOf } from '../../lib/api-error.ts'
import { readAgain } from '../../lib/read-again.ts'
import { useAction } from '../../lib/use-api.ts'
import type { Editing } from '../../lib/use-editing.ts'
import type { Connection } from './connection.ts'
import type { Kind } from './kind-words.ts'
import { isAllGood } from './test-result.tsx'

interface TestAndSave {
  readonly kind: Kind
  readonly connection: Connection
  readonly editing: Editing
  readonly onSaved: () => void
}

/** Tests the settings and saves them if the test succeeds. If another user saved first, loads that version. */
export function useTestAndSave({ kind, connection: { name, type }, editing, onSaved }: TestAndSave) {
  const client = useQueryClient()
  const { config, base } = editing
  const save = useAction(updateConnection, {
    quiet: true,
    done: () => `${name} is saved.`,
    onDone: (answer) => {
      editing.saved(answer)
      onSaved()
    },
  })
  const saveAnyway = (): void =>
    save.mutate(
      { params: { kind, name }, body: { type, config, untested: true }, ifMatch: base.etag },
      {
        onError: (error) => {
          if (problemOf(error).status === 412) readAgain(client)
        },
      },
    )
  const test = useAction(testConnection, {
    quiet: true,
    onDone: (reply) => {
      if (isAllGood(reply)) saveAnyway()
    },
  })
  // A conflict with another user's change (412) is not an error of this edit, and is shown separately.
  const rejection = save.error !== null && problemOf(save.error).status === 412 ? null : save.error
  return {
    test: test.data,
    save,
    saveAnyway,
    isBusy: test.isPending || save.isPending,
    error: rejection ?? test.error,
    testAndSave: () => {
      save.reset()
      test.mutate({ params: { kind }, body: { name, type, config } })
    },
  }
}
