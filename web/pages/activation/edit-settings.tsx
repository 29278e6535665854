import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { PencilIcon } from '../../ui/icons.tsx'
import { EditActivationDialog, type EditSection } from '../../features/activation/edit/index.ts'
import type { TabProps } from './activation-tab.ts'

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
