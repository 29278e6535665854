import { ActionIcon, CopyButton as Copy, Tooltip } from '@mantine/core'
import { CheckIcon, CopyIcon } from './icons.tsx'

export function CopyButton({ value, label = 'Copy' }: { readonly value: string; readonly label?: string }) {
  return (
    <Copy value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={copied ? 'Copied' : label}>
            {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copy>
  )
}
