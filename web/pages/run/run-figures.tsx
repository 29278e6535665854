import { recordLooks } from '../../lib/status-words.ts'
import { Figures, type Figure } from '../../ui/figures.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'

/** Always shown; the others only if not zero. */
const always = new Set(['Rows read', 'Delivered', 'Not loaded', 'On hold'])

export function RunFigures({ run: { counts, leftAlone, requests } }: { readonly run: RunSummary }) {
  const items: readonly Figure[] = [
    { label: 'Rows read', value: counts.read, meaning: 'Rows that the Warehouse returned.' },
    { label: 'Invalid rows', value: counts.invalid, tone: 'warn', meaning: 'Rows that could not become records: no identifier, a duplicate, an impossible value.' },
    { label: 'Unchanged', value: counts.unchanged, meaning: 'Records that are as they were; nothing is sent for them.' },
    { label: 'Left the query', value: counts.removed, meaning: 'Records that the query no longer returns.' },
    { label: 'Planned', value: counts.planned, meaning: 'Operations that were asked of the Target.' },
    { label: 'Delivered', value: counts.delivered, tone: 'good', meaning: recordLooks.delivered.meaning },
    { label: 'Already in place', value: counts.alreadyInPlace, meaning: recordLooks['in-place'].meaning },
    { label: 'Left alone', value: leftAlone, meaning: 'External: a record would otherwise have lost what a person put there.' },
    { label: 'Not loaded', value: counts.rejected, tone: 'bad', meaning: recordLooks.rejected.meaning },
    { label: 'On hold', value: counts.onHold, tone: 'warn', meaning: recordLooks['on-hold'].meaning },
    { label: 'Unconfirmed', value: counts.unconfirmed, tone: 'warn', meaning: recordLooks.unconfirmed.meaning },
    { label: 'Calls that read', value: requests.read },
    { label: 'Calls that wrote', value: requests.write },
  ]
  return <Figures label="What it did" items={items.filter(({ label, value }) => always.has(label) || value !== 0)} />
}
