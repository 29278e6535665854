import { Group, Text } from '@mantine/core'
import { ButtonLink } from '../../../ui/link.tsx'
import { Notice } from '../../../ui/notice.tsx'
import type { ActivationDetail } from './edit-dialog-props.ts'

/** The immutable settings, the reasons, and how to change them by cloning. Empty before the first Run. */
export function ImmutableList({ activation: { name, frozen: immutable } }: { readonly activation: ActivationDetail }) {
  const entries = Object.entries(immutable)
  if (entries.length === 0) return null
  return (
    <Notice tone="quiet">
      <Group justify="space-between" align="flex-start" gap="xs">
        <details style={{ flex: '1 1 240px' }}>
          <summary style={{ cursor: 'pointer' }}>Settings that cannot change after the first Run, and why</summary>
          <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
            {entries.map(([key, reason]) => (
              <li key={key}>
                <code>{key}</code>:{' '}
                <Text span size="sm">
                  {reason}
                </Text>
              </li>
            ))}
          </ul>
        </details>
        <ButtonLink to="/create-activation" search={{ from: name }} size="xs" variant="default">
          Clone with changes
        </ButtonLink>
      </Group>
    </Notice>
  )
}
