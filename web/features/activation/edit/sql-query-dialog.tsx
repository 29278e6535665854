import { Modal, Stack, Text } from '@mantine/core'
import { textIn } from '../../../lib/activation-config.ts'
import { useBegun } from '../../../lib/use-begun.ts'
import { useQueryCheck } from '../query/use-query-check.ts'
import { QueryEditor } from '../query/query-editor.tsx'
import { EditFoot } from './edit-foot.tsx'
import type { EditDialogProps } from './edit-dialog-props.ts'
import { ImmutableList } from './immutable-list.tsx'
import { useActivationEdit } from './use-activation-edit.ts'

/** The SQL QUERY dialog: edit, validate, see the effect, save. */
export function SqlQueryDialog({ activation, opened, onClose }: EditDialogProps) {
  const isBegun = useBegun(opened)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      keepMounted
      size="min(1080px, 100%)"
      title="SQL QUERY"
      styles={{ title: { fontWeight: 650 } }}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isBegun && <Content activation={activation} onClose={onClose} />}
    </Modal>
  )
}

function Content({ activation, onClose }: Omit<EditDialogProps, 'opened'>) {
  const edit = useActivationEdit(activation, onClose)
  const { editing, errors } = edit
  const checking = useQueryCheck(textIn(editing.config, 'warehouse'), textIn(editing.config, 'query'))
  const isWrong = checking.result !== undefined && checking.result.problem !== null
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        The next Run uses the saved query. A running Run continues with the query that it started with.
      </Text>
      <QueryEditor
        config={editing.config}
        onChange={editing.setConfig}
        errors={errors}
        immutable={activation.frozen}
        checking={checking}
      />
      <ImmutableList activation={activation} />
      <EditFoot edit={edit} onClose={onClose} isBlocked={isWrong || textIn(editing.config, 'query').trim() === ''} />
    </Stack>
  )
}
