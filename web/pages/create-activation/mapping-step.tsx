import { Accordion, Stack, TextInput, Title } from '@mantine/core'
import { wordsAt } from '../../lib/field-errors.ts'
import { scheduleIn, scheduleWords } from '../../lib/schedule-times.ts'
import { useActivationNameTaken } from '../../lib/use-name-taken.ts'
import type { EditorProps } from '../../ui/activation/editor-props.ts'
import { FieldMapping, useChoices } from '../../ui/activation/field-mapping.tsx'
import { LimitsEditor } from '../../ui/activation/limits-editor.tsx'
import { MannerEditor } from '../../ui/activation/manner-editor.tsx'
import { ScheduleEditor } from '../../ui/activation/schedule-editor.tsx'

interface MappingStepProps extends EditorProps {
  readonly name: string
  readonly onName: (name: string) => void
}

/** The last page of choices: object, behaviour, tags, fields, name; then when it runs, and how far it may go. */
export function MappingStep({ name, onName, ...props }: MappingStepProps) {
  const { object, behavior } = useChoices(props.config)
  const isTaken = useActivationNameTaken(name)
  return (
    <Stack gap="xl" maw={820}>
      <Title order={2} size="h4">Field Mapping</Title>
      <FieldMapping {...props} />
      <TextInput label="Activation Name" description="Unique among your Activations." required maw={460} value={name} onChange={(event) => onName(event.currentTarget.value)} autoComplete="off"
        error={isTaken ? 'There is an Activation of this name already.' : wordsAt(props.errors, '/name')} />
      <Accordion variant="separated" multiple order={3}>
        <Accordion.Item value="schedule">
          <Accordion.Control>Schedule: {scheduleWords(scheduleIn(props.config))}</Accordion.Control>
          <Accordion.Panel><ScheduleEditor {...props} /></Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="limits">
          <Accordion.Control>Guardrails: {props.config['limits'] === undefined ? 'the defaults' : 'set by you'}</Accordion.Control>
          <Accordion.Panel><LimitsEditor {...props} behavior={behavior} /></Accordion.Panel>
        </Accordion.Item>
        {object !== undefined && (
          <Accordion.Item value="more">
            <Accordion.Control>More: ownership, drift, verifying</Accordion.Control>
            <Accordion.Panel><MannerEditor {...props} object={object} behavior={behavior} /></Accordion.Panel>
          </Accordion.Item>
        )}
      </Accordion>
    </Stack>
  )
}
