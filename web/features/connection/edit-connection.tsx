import { Button, Group, Stack } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { listConnectorTypes } from '../../../src/api/connections/contract.ts'
import { elsewhere, fieldErrorsOf, step } from '../../lib/field-errors.ts'
import { formFields } from '../../lib/form-schema.ts'
import { useApi } from '../../lib/use-api.ts'
import { useEditing } from '../../lib/use-editing.ts'
import { ChangedMeanwhile } from '../../ui/form/changed-meanwhile.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import type { Connection } from './connection.ts'
import type { Kind } from './kind-words.ts'
import { isAllGood, TestResult } from './test-result.tsx'
import { useTestAndSave } from './use-test-and-save.ts'

interface EditConnectionProps {
  readonly kind: Kind
  readonly connection: Connection
  /** Edit only the secrets, such as after a token was changed or revoked. */
  readonly secretsAlone?: boolean
  readonly onSaved?: () => void
}

/** The settings of a saved Connection, tested before they are saved. */
export function EditConnection({ kind, connection, secretsAlone = false, onSaved }: EditConnectionProps) {
  const types = useApi(listConnectorTypes, { params: { kind } })
  const editing = useEditing(connection)
  const [round, setRound] = useState(0)
  const { test, save, isBusy, error, testAndSave, saveAnyway } = useTestAndSave({
    kind,
    connection,
    editing,
    onSaved: () => {
      setRound(round + 1)
      onSaved?.()
    },
  })
  const errors = fieldErrorsOf(error)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    testAndSave()
  }
  return (
    <Loaded query={types}>
      {({ items }) => {
        const schema = items.find(({ type }) => type === connection.type)?.schema
        const fields = formFields(schema)
        const shown = secretsAlone
          ? fields.filter(({ kind: of }) => of === 'secret').map(({ key }) => key)
          : fields.map(({ key }) => key)
        const hasMore = errors.length === 0 || elsewhere(errors, shown.map(step)).length > 0
        return (
          <form onSubmit={submit} noValidate aria-label={secretsAlone ? 'Re-authorise' : 'Settings'}>
            <Stack>
              <SchemaForm
                key={`${editing.base.etag} ${round}`}
                schema={schema}
                values={editing.config}
                onChange={editing.setConfig}
                errors={errors}
                only={shown}
                takesVariables
              />
              {error !== null && hasMore && <ErrorPanel error={error} />}
              {test !== undefined && <TestResult reply={test} />}
              <ChangedMeanwhile editing={editing} />
              <Group justify="flex-end" gap="xs">
                {editing.isDirty && (
                  <Button variant="subtle" color="gray" onClick={editing.reset} disabled={isBusy}>
                    Discard my changes
                  </Button>
                )}
                {test !== undefined && !isAllGood(test) && !save.isSuccess && (
                  <Button variant="default" onClick={saveAnyway} loading={save.isPending}>
                    Save anyway
                  </Button>
                )}
                <Button type="submit" loading={isBusy} disabled={editing.latest !== null}>
                  TEST &amp; SAVE
                </Button>
              </Group>
            </Stack>
          </form>
        )
      }}
    </Loaded>
  )
}
