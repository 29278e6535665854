import type { RunReport } from '../engine/run-report.ts'
import type { Host, Intercom } from '../server/process/host.ts'
import { count } from '../model/figures.ts'
import { knownCompanies, unknownCompanies } from './sample-warehouse.ts'

export interface DemoStep {
  readonly activation: string
  readonly title: string
  /** What Intercom holds, read from the emulator. */
  holds(intercom: Intercom): string
  /** Whether the result matches what the demo says. */
  isAsReported(report: RunReport, intercom: Intercom): boolean
}

const detachedTags = ['Paid Customer', 'Region-EU']
const settled = ['100', '101', '102']

export function demoSteps(customers: number): readonly DemoStep[] {
  const premium = Math.ceil(customers / 2)
  const onContacts = ({ world }: Intercom): number => world.members('Premium Customers', 'contact').length
  const onCompanies = ({ world }: Intercom): number => world.members('Key Account', 'company').length
  const onSettled = ({ world }: Intercom): readonly (readonly string[])[] =>
    settled.map((id) => world.tagsOn('conversation', id))
  return [
    {
      activation: 'premium-customers',
      title: 'Attach a tag to contacts; the tag does not exist yet and is created',
      holds: (intercom) => `"Premium Customers" is on ${count(onContacts(intercom))} contacts`,
      isAsReported: ({ counts }, intercom) => counts.delivered === premium && onContacts(intercom) === premium,
    },
    {
      activation: 'key-accounts',
      title: `Attach a tag to ${knownCompanies + unknownCompanies.length} companies, of which ${unknownCompanies.length} do not exist: only those fail`,
      holds: (intercom) => `"Key Account" is on ${count(onCompanies(intercom))} companies`,
      isAsReported: ({ counts }, intercom) =>
        counts.rejected === unknownCompanies.length && onCompanies(intercom) === knownCompanies,
    },
    {
      activation: 'settled-conversations',
      title: `Detach "${detachedTags.join('" and "')}" from conversations ${settled.join(', ')}`,
      holds: (intercom) =>
        onSettled(intercom)
          .map((tags, at) => `${settled[at]}: ${tags.length === 0 ? 'no tags' : tags.join(', ')}`)
          .join(' · '),
      isAsReported: ({ counts }, intercom) =>
        counts.delivered === settled.length && onSettled(intercom).every((tags) => tags.length === 0),
    },
    {
      activation: 'premium-customers',
      title: 'The first activation again: nothing changed, so nothing is written',
      holds: (intercom) => `"Premium Customers" is on ${count(onContacts(intercom))} contacts`,
      isAsReported: ({ status, requests }, intercom) =>
        status === 'shelved' && requests.write === 0 && onContacts(intercom) === premium,
    },
  ]
}

/** The emulated workspace before the demo. The three conversations have the tags that the demo removes. */
export function demoWorkspace(
  customers: number,
): Parameters<Awaited<ReturnType<Host['emulators']['intercom']>>['startIntercomEmulator']>[0] {
  const [paid = '', region = ''] = detachedTags
  return {
    contacts: customers,
    companies: 200,
    conversations: 200,
    tags: ['Key Account'],
    tagged: [
      { tag: paid, conversations: ['100', '101', '102'] },
      { tag: region, conversations: ['100', '102'] },
    ],
  }
}
