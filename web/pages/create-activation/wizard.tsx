import { Box, Button, Group, Paper, Stack, Title } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { textIn, withKeys } from '../../lib/activation-config.ts'
import { useActivationNameTaken } from '../../lib/use-name-taken.ts'
import { usePlan } from '../../features/activation/use-plan.ts'
import { useQueryCheck } from '../../features/activation/query/use-query-check.ts'
import { ObjectPicker } from '../../features/activation/object-picker.tsx'
import { QueryEditor } from '../../features/activation/query/query-editor.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { ErrorSummary } from '../../ui/form/error-summary.tsx'
import { Steps } from '../../ui/steps.tsx'
import { ConnectionStep } from './connection-step.tsx'
import type { Draft } from './kept-draft.ts'
import { MappingStep } from './mapping-step.tsx'
import { PlanStep } from './plan-step.tsx'
import { useDraft } from './use-draft.ts'
import { useSubmit } from './use-submit.ts'
import { isStepId, stepIds, wizardSteps, type StepId } from './wizard-steps.ts'

/** The five steps of CREATE ACTIVATION. The input is stored at each change. */
export function Wizard({ from, start }: { readonly from: string | null; readonly start: Draft }) {
  const { draft, errors, setConfig, setName, setErrors } = useDraft(from, start)
  const { name, config } = draft
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { readonly step?: unknown }
  const [runsAtOnce, setRunsAtOnce] = useState(true)
  const steps = wizardSteps(name, config)
  const wanted = isStepId(search.step) ? search.step : 'warehouse'
  // The URL may name a step that is not open yet.
  const here =
    steps.find(({ id, isOpen }) => id === wanted && isOpen)?.id ??
    steps.findLast(({ isOpen }) => isOpen)?.id ??
    'warehouse'
  const go = (step: StepId): void =>
    void navigate({ to: '/create-activation', search: { ...(from !== null && { from }), step } })
  const checking = useQueryCheck(textIn(config, 'warehouse'), textIn(config, 'query'))
  const isTaken = useActivationNameTaken(name)
  const plan = usePlan(name, config, here === 'plan')
  const { check, create, isChecking } = useSubmit({ from, draft, setErrors, go })
  const editing = { config, onChange: setConfig, errors, immutable: {} }
  const step = steps.find(({ id }) => id === here)
  const onContinue = async (): Promise<void> => {
    if (here === 'data' && (await checking.check(0)).problem !== null) return
    if (here === 'mapping') return await check()
    go(stepIds[stepIds.indexOf(here) + 1] ?? 'plan')
  }
  return (
    <>
      <Steps steps={steps} here={here} onGo={go} />
      <Paper withBorder p={{ base: 'sm', sm: 'lg' }} bg="var(--panel)">
        {here === 'warehouse' && (
          <ConnectionStep
            key={here}
            kind="warehouses"
            title="Select Warehouse"
            value={textIn(config, 'warehouse')}
            errors={errors}
            onChange={(warehouse) => setConfig(withKeys(config, { warehouse }))}
            onAdded={(warehouse) => {
              setConfig(withKeys(config, { warehouse }))
              go('target')
            }}
          />
        )}
        {here === 'target' && (
          <ConnectionStep
            key={here}
            kind="targets"
            title="Select a Target"
            value={textIn(config, 'target')}
            errors={errors}
            onChange={(target) => setConfig(withKeys(config, { target }))}
            onAdded={(target) => {
              setConfig(withKeys(config, { target }))
              go('data')
            }}
          />
        )}
        {here === 'data' && (
          <Stack gap="xl">
            <Title order={2} size="h4">
              Select the Data to be Synchronized
            </Title>
            <QueryEditor {...editing} checking={checking} />
            <ObjectPicker
              {...editing}
              label="Target Object"
              description="Optional. You can also select it in the next step."
            />
          </Stack>
        )}
        {here === 'mapping' && <MappingStep {...editing} name={name} onName={setName} from={from} />}
        {here === 'plan' && (
          <PlanStep
            draft={draft}
            plan={plan}
            runsAtOnce={runsAtOnce}
            onRunsAtOnce={setRunsAtOnce}
            onCorrect={() => go('mapping')}
          />
        )}
        {errors.length > 0 && (here === 'mapping' || here === 'data') && (
          <Box mt="lg">
            <ErrorSummary errors={errors} />
          </Box>
        )}
        {create.isError && here === 'plan' && (
          <div style={{ marginTop: 16 }}>
            <ErrorPanel error={create.error} />
          </div>
        )}
        <Group justify="space-between" mt="xl">
          <Button
            variant="default"
            disabled={here === 'warehouse'}
            onClick={() => go(stepIds[stepIds.indexOf(here) - 1] ?? 'warehouse')}
          >
            Back
          </Button>
          {here === 'plan' ? (
            <Button
              loading={create.isPending}
              disabled={plan.isPending || isTaken}
              onClick={() => create.run(runsAtOnce)}
            >
              CREATE ACTIVATION
            </Button>
          ) : (
            <Button
              disabled={here === 'mapping' ? isTaken : step?.isDone !== true}
              loading={isChecking || (here === 'data' && checking.isPending && checking.rowsAsked === 0)}
              onClick={() => void onContinue().catch(() => undefined)}
            >
              {here === 'mapping' ? 'SHOW THE PLAN' : 'CONTINUE'}
            </Button>
          )}
        </Group>
      </Paper>
    </>
  )
}
