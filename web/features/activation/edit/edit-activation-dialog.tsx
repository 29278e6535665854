import { Modal, Stack, Tabs } from '@mantine/core'
import { useState } from 'react'
import { useBegun } from '../../../lib/use-begun.ts'
import { FieldMapping, useChoices } from '../field-mapping.tsx'
import { LimitsEditor } from '../limits-editor.tsx'
import { DeliveryOptions } from '../delivery-options.tsx'
import { ScheduleEditor } from '../schedule-editor.tsx'
import { EditFoot } from './edit-foot.tsx'
import type { EditDialogProps } from './edit-dialog-props.ts'
import { ImmutableList } from './immutable-list.tsx'
import { useActivationEdit } from './use-activation-edit.ts'

export type EditSection = 'mapping' | 'schedule' | 'guardrails' | 'more'

interface EditActivationDialogProps extends EditDialogProps {
  /** The section shown first. */
  readonly section?: EditSection
}

const sections: Readonly<Record<EditSection, string>> = {
  mapping: 'Field Mapping',
  schedule: 'Schedule',
  guardrails: 'Guardrails',
  more: 'More',
}

/** Edits everything except the query: mapping, schedule, guardrails, advanced options. Shows the effect as a plan. */
export function EditActivationDialog({ activation, opened, onClose, section = 'mapping' }: EditActivationDialogProps) {
  const isBegun = useBegun(opened)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      keepMounted
      size="min(960px, 100%)"
      title={`Edit ${activation.name}`}
      styles={{ title: { fontWeight: 650 } }}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isBegun && <Content activation={activation} onClose={onClose} start={section} />}
    </Modal>
  )
}

function Content({ activation, onClose, start }: Omit<EditDialogProps, 'opened'> & { readonly start: EditSection }) {
  const edit = useActivationEdit(activation, onClose)
  const [section, setSection] = useState<string | null>(start)
  const { editing, errors } = edit
  const { object, behavior } = useChoices(editing.config)
  const shared = { config: editing.config, onChange: editing.setConfig, errors, immutable: activation.frozen }
  return (
    <Stack>
      <Tabs value={section} onChange={setSection} keepMounted={false}>
        <Tabs.List mb="md">
          {Object.entries(sections).map(([id, label]) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="mapping">
          <Stack>
            <FieldMapping {...shared} />
            <ImmutableList activation={activation} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="schedule">
          <ScheduleEditor {...shared} />
        </Tabs.Panel>
        <Tabs.Panel value="guardrails">
          <LimitsEditor {...shared} behavior={behavior} />
        </Tabs.Panel>
        <Tabs.Panel value="more">
          {object !== undefined && <DeliveryOptions {...shared} object={object} behavior={behavior} />}
        </Tabs.Panel>
      </Tabs>
      <EditFoot edit={edit} onClose={onClose} />
    </Stack>
  )
}
