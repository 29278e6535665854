import { Alert } from '@mantine/core'
import type { RunSummary } from '../../ui/run-columns.tsx'
import { AlertIcon } from '../../ui/icons.tsx'

/** What the Run noticed, and what it was let past. */
export function RunNotices({ run: { notices, allowed } }: { readonly run: RunSummary }) {
  const lines = [...notices, ...allowed.length > 0 ? [`A person let this Run past its guardrails: ${allowed.join(', ')}.`] : []]
  if (lines.length === 0) return null
  return (
    <Alert title={lines.length === 1 ? 'Notice' : 'Notices'} icon={<AlertIcon />} color="gray" styles={{ root: { background: 'var(--panel)', border: '1px solid var(--line)' }, title: { color: 'inherit' } }}>
      <ul style={{ margin: 0, paddingLeft: 18 }}>{lines.map((line) => <li key={line}>{line}</li>)}</ul>
    </Alert>
  )
}
