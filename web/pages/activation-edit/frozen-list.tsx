import { Text } from '@mantine/core'
import { ButtonLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { ActivationDetail } from './edit-dialog-props.ts'

/** What may no longer change, why, and how to get it all the same. Nothing before the first Run. */
export function FrozenList({ activation: { name, frozen } }: { readonly activation: ActivationDetail }) {
  const entries = Object.entries(frozen)
  if (entries.length === 0) return null
  return (
    <Notice tone="quiet" title="Some of it may no longer change">
      <details>
        <summary style={{ cursor: 'pointer' }}>What, and why</summary>
        <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
          {entries.map(([key, reason]) => <li key={key}><code>{key}</code>: <Text span size="sm">{reason}</Text></li>)}
        </ul>
      </details>
      <ButtonLink mt={8} to="/create-activation" search={{ from: name }} size="xs" variant="default">Clone with changes</ButtonLink>
    </Notice>
  )
}
