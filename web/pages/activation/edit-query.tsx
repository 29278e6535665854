import { Button, Code, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { DocIcon } from '../../ui/icons.tsx'
import type { TabProps } from './activation-tab.ts'

/** The SQL QUERY dialog. */
export function EditQuery({ activation: { name, config } }: TabProps) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={<DocIcon size={16} />} onClick={open}>SQL QUERY</Button>
      <Modal opened={isOpen} onClose={close} title={`SQL QUERY of ${name}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
        <Code block>{typeof config['query'] === 'string' ? config['query'] : ''}</Code>
      </Modal>
    </>
  )
}
