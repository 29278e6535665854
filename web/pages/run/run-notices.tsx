import { isGuardNotice } from '../../lib/guard-words.ts'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import { Notice } from '../../ui/notice.tsx'

/** The Run's notices, without overridden guardrails, which are shown with its plan. */
export function RunNotices({ run: { notices } }: { readonly run: RunSummary }) {
  const lines = notices.filter((notice) => !isGuardNotice(notice))
  if (lines.length === 0) return null
  return (
    <Notice tone="quiet" title={lines.length === 1 ? 'Notice' : 'Notices'}>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {lines.map(({ words }) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </Notice>
  )
}
