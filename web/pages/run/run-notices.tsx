import type { RunSummary } from '../../ui/run-columns.tsx'
import { Notice } from '../../ui/notice.tsx'

/** What the Run noticed, and what it was let past. */
export function RunNotices({ run: { notices, allowed } }: { readonly run: RunSummary }) {
  const lines = [...notices, ...allowed.length > 0 ? [`A person let this Run past its guardrails: ${allowed.join(', ')}.`] : []]
  if (lines.length === 0) return null
  return (
    <Notice tone="quiet" title={lines.length === 1 ? 'Notice' : 'Notices'}>
      <ul style={{ margin: 0, paddingLeft: 18 }}>{lines.map((line) => <li key={line}>{line}</li>)}</ul>
    </Notice>
  )
}
