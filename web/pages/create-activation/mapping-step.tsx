import { Accordion, Checkbox, Stack, TextInput, Title } from '@mantine/core'
import { withKeys } from '../../lib/activation-config.ts'
import { wordsAt } from '../../lib/field-errors.ts'
import { scheduleIn, scheduleWords } from '../../features/activation/schedule-times.ts'
import { useActivationNameTaken } from '../../lib/use-name-taken.ts'
import type { EditorProps } from '../../features/activation/editor-props.ts'
import { FieldMapping, useChoices } from '../../features/activation/field-mapping.tsx'
import { LimitsEditor } from '../../features/activation/limits-editor.tsx'
import { DeliveryOptions } from '../../features/activation/delivery-options.tsx'
import { ScheduleEditor } from '../../features/activation/schedule-editor.tsx'

interface MappingStepProps extends EditorProps {
  readonly name: string
  readonly onName: (name: string) => void
  /** The Activation that is copied. */
  readonly from: string | null
}

/** The last input step: object, behavior, tags, fields, name, then schedule and guardrails. */
export function MappingStep({ name, onName, from, ...props }: MappingStepProps) {
  const { object, behavior } = useChoices(props.config)
  const isTaken = useActivationNameTaken(name)
  return (
    <Stack gap="xl" maw={820}>
      <Title order={2} size="h4">
        Field Mapping
      </Title>
      <FieldMapping {...props} />
      <TextInput
        label="Activation Name"
        description="Must be unique among your Activations."
        required
        maw={460}
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
        autoComplete="off"
        error={isTaken ? 'An Activation with this name already exists.' : wordsAt(props.errors, '/name')}
      />
      {from !== null && <TakeOver from={from} {...props} />}
      <Accordion variant="separated" multiple order={3}>
        <Accordion.Item value="schedule">
          <Accordion.Control>Schedule: {scheduleWords(scheduleIn(props.config))}</Accordion.Control>
          <Accordion.Panel>
            <ScheduleEditor {...props} />
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="limits">
          <Accordion.Control>
            Guardrails: {props.config['limits'] === undefined ? 'defaults' : 'custom'}
          </Accordion.Control>
          <Accordion.Panel>
            <LimitsEditor {...props} behavior={behavior} />
          </Accordion.Panel>
        </Accordion.Item>
        {object !== undefined && (
          <Accordion.Item value="more">
            <Accordion.Control>More: ownership, drift, verification</Accordion.Control>
            <Accordion.Panel>
              <DeliveryOptions {...props} object={object} behavior={behavior} />
            </Accordion.Panel>
          </Accordion.Item>
        )}
      </Accordion>
    </Stack>
  )
}

/** Takes over the state of the copied Activation, so that an identifier can change. */
function TakeOver({ from, config, onChange, errors }: EditorProps & { readonly from: string }) {
  const wrong = wordsAt(errors, '/adopts')
  return (
    <Checkbox
      label={`Replace ${from}`}
      checked={config['adopts'] === from}
      {...(wrong !== undefined && { error: wrong })}
      description={`At its first Run the new Activation takes over the state of ${from}, including everything that ${from} manages. ${from} then no longer runs. Only the identifier, the query and the mapping may differ. Without this option the copy starts with an empty state.`}
      onChange={(event) => onChange(withKeys(config, { adopts: event.currentTarget.checked ? from : undefined }))}
    />
  )
}
