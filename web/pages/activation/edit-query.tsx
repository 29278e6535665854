import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { DocIcon } from '../../ui/icons.tsx'
import { SqlQueryDialog } from '../../features/activation/edit/index.ts'
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
