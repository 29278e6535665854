import { skippedMeaning } from '../../../src/model/words/outcomes.ts'
import { recordLooks } from '../../lib/status-words.ts'
import { Figures, type Figure } from '../../ui/figures.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'

/** Always shown; the others only if not zero. */
const always = new Set(['Rows read', 'Delivered', 'Not loaded', 'On hold'])

export function RunFigures({ run: { counts, leftAlone, requests } }: { readonly run: RunSummary }) {
  const items: readonly Figure[] = [
    { label: 'Rows read', value: counts.read, meaning: 'Rows that the Warehouse returned.' },
    {
      label: 'Invalid rows',
      value: counts.invalid,
      tone: 'warn',
      meaning: 'Rows that cannot become records: no identifier, a duplicate, an invalid value.',
    },
    { label: 'Unchanged', value: counts.unchanged, meaning: 'Records without changes; nothing is sent for them.' },
    { label: 'Removed from the query', value: counts.removed, meaning: 'Records that the query no longer asks for.' },
    { label: 'Planned', value: counts.planned, meaning: 'Records that the Run planned to write.' },
    { label: 'Delivered', value: counts.delivered, tone: 'good', meaning: recordLooks.delivered.meaning },
    { label: 'Already in place', value: counts.alreadyInPlace, meaning: recordLooks['in-place'].meaning },
    { label: 'Skipped', value: leftAlone, meaning: skippedMeaning },
    { label: 'Not loaded', value: counts.rejected, tone: 'bad', meaning: recordLooks.rejected.meaning },
    { label: 'On hold', value: counts.onHold, tone: 'warn', meaning: recordLooks['on-hold'].meaning },
    { label: 'Unconfirmed', value: counts.unconfirmed, tone: 'warn', meaning: recordLooks.unconfirmed.meaning },
    ...(requests === null
      ? []
      : [
          { label: 'Read requests', value: requests.read },
          { label: 'Write requests', value: requests.write },
        ]),
  ]
  return <Figures label="Result" items={items.filter(({ label, value }) => always.has(label) || value !== 0)} />
}
