import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { DocIcon, PencilIcon } from '../../ui/icons.tsx'
import { SqlQueryDialog, EditActivationDialog, type EditSection } from '../../features/activation/edit/index.ts'
import type { TabProps } from './activation-tab.ts'

/** The SQL QUERY button, and its dialog. */
export function EditQuery({ activation }: TabProps) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={<DocIcon size={16} />} onClick={open}>
        SQL QUERY
      </Button>
      <SqlQueryDialog activation={activation} opened={isOpen} onClose={close} />
    </>
  )
}

/** An Edit button that opens the dialog at the section beside it. */
export function EditSettings({
  activation,
  section,
  of,
}: TabProps & { readonly section: EditSection; readonly of: string }) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<PencilIcon size={14} />}
        aria-label={`Edit: ${of}`}
        onClick={open}
      >
        Edit
      </Button>
      <EditActivationDialog activation={activation} opened={isOpen} onClose={close} section={section} />
    </>
  )
}
