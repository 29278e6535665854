import { Button, Drawer, Group, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { createConnection, testConnection } from '../../../src/api/connections/contract.ts'
import { elsewhere, fieldErrorsOf, step, wordsAt } from '../../lib/field-errors.ts'
import { formFields } from '../../lib/form-schema.ts'
import { useAction } from '../../lib/use-api.ts'
import { useBegun } from '../../lib/use-begun.ts'
import { useConnectionNameTaken } from '../../lib/use-name-taken.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import { kindWords, type Kind } from './kind-words.ts'
import { isAllGood, TestResult } from './test-result.tsx'
import { TypeTiles, type ConnectorType } from './type-tiles.tsx'

interface AddConnectionProps {
  readonly kind: Kind
  readonly opened: boolean
  readonly onClose: () => void
  /** Called when the Connection is saved and the user has seen the test result. */
  readonly onAdded: (name: string) => void
}

/** Adds a Connection in a dialog: type, name, settings, TEST & CONTINUE. */
export function AddConnection({ kind, opened, onClose, onAdded }: AddConnectionProps) {
  const isBegun = useBegun(opened)
  const [round, setRound] = useState(0)
  const startAnew = (): void => setRound(round + 1)
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      keepMounted
      position="right"
      size="lg"
      title={kindWords[kind].add}
      styles={{ title: { fontWeight: 650 } }}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isBegun && (
        <Steps
          key={round}
          kind={kind}
          onCancel={() => {
            startAnew()
            onClose()
          }}
          onAdded={(name) => {
            startAnew()
            onAdded(name)
          }}
        />
      )}
    </Drawer>
  )
}

function Steps({
  kind,
  onCancel,
  onAdded,
}: Pick<AddConnectionProps, 'kind' | 'onAdded'> & { readonly onCancel: () => void }) {
  const [type, setType] = useState<ConnectorType | null>(null)
  if (type === null) return <TypeTiles kind={kind} onSelect={setType} />
  return (
    <NewConnection
      key={type.type}
      kind={kind}
      type={type}
      onBack={() => setType(null)}
      onCancel={onCancel}
      onAdded={onAdded}
    />
  )
}

interface NewConnectionProps extends Pick<AddConnectionProps, 'kind' | 'onAdded'> {
  readonly type: ConnectorType
  readonly onBack: () => void
  readonly onCancel: () => void
}

function NewConnection({ kind, type, onBack, onCancel, onAdded }: NewConnectionProps) {
  const { one } = kindWords[kind]
  const [name, setName] = useState('')
  const [config, setConfig] = useState<Readonly<Record<string, unknown>>>({})
  const isTaken = useConnectionNameTaken(kind, name)
  const create = useAction(createConnection, { quiet: true })
  const body = { type: type.type, config, name: name.trim() }
  /** Tested: the server tests once more, and keeps that the Connection works. */
  const save = (untested: boolean): void => create.mutate({ params: { kind }, body: { ...body, untested } })
  const test = useAction(testConnection, {
    quiet: true,
    onDone: (reply) => {
      if (isAllGood(reply)) save(false)
    },
  })
  const busy = test.isPending || create.isPending
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.reset()
    test.mutate({ params: { kind }, body: { type: body.type, config } })
  }
  if (create.isSuccess && test.data !== undefined) {
    return (
      <Stack>
        <TestResult reply={test.data} />
        <Group justify="flex-end">
          <Button onClick={() => onAdded(body.name)} data-autofocus autoFocus>
            CONTINUE
          </Button>
        </Group>
      </Stack>
    )
  }
  const error = create.error ?? test.error
  const errors = fieldErrorsOf(error)
  const places = ['/name', ...formFields(type.schema).map(({ key }) => step(key))]
  return (
    <form onSubmit={submit} noValidate aria-label={`Configure your ${type.name} ${one}`}>
      <Stack>
        <TextInput
          label={`${one} Name`}
          description="Must be unique. Activations refer to it by this name."
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          autoFocus
          autoComplete="off"
          error={isTaken ? `A ${one} with this name already exists.` : wordsAt(errors, '/name')}
        />
        <SchemaForm schema={type.schema} values={config} onChange={setConfig} errors={errors} takesVariables />
        {error !== null && (errors.length === 0 || elsewhere(errors, places).length > 0) && (
          <ErrorPanel error={error} />
        )}
        {test.data !== undefined && <TestResult reply={test.data} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack} disabled={busy}>
            Back
          </Button>
          <Group gap="xs">
            <Button variant="subtle" color="gray" onClick={onCancel}>
              Cancel
            </Button>
            {test.data !== undefined && !isAllGood(test.data) && (
              <Button variant="default" onClick={() => save(true)} loading={create.isPending}>
                Save anyway
              </Button>
            )}
            <Button type="submit" loading={busy} disabled={name.trim() === '' || isTaken}>
              TEST &amp; CONTINUE
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}
