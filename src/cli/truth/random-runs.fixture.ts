import fc from 'fast-check'
import pc from 'picocolors'
import { behaviors } from '../../behaviors/registry.gen.ts'
import type { TargetObject } from '../../connect/target.ts'
import { behaviorFor } from '../../model/behavior.ts'
import { nounsOf, type Nouns } from '../../model/noun.ts'
import { noCounts, type Counts, type RunStatus } from '../../model/run.ts'
import { madeSentence, plannedSentence } from '../../model/words/plan-figures.ts'
import { groupSentence } from '../../model/words/plan-lines.ts'
import { runSentence } from '../../model/words/run-sentence.ts'
import { runStatusWords } from '../../model/words/run-status.ts'
import type { RunSummary } from '../../store/runs/runs.ts'
import { runTable } from '../output/runs/run-table.ts'
import { showSummary } from '../output/runs/show-summary.ts'
import type { Facts, Surface } from './facts.fixture.ts'

/** A behavior of an object, for Runs that never ran. */
export interface WordedCase {
  readonly object: string
  readonly behavior: string
  readonly nouns: Nouns
  readonly added: string
}

export function wordedCases(objects: readonly TargetObject[]): readonly WordedCase[] {
  return objects.flatMap((object) =>
    Object.values(behaviors).flatMap((known) => {
      const behavior = behaviorFor(known, object)
      return behavior === undefined
        ? []
        : [{ object: object.id, behavior: behavior.id, nouns: nounsOf(object), added: behavior.plan.added ?? '' }]
    }),
  )
}

export const endedStatuses = [
  'completed',
  'completed with failures',
  'shelved',
  'blocked',
  'stopped',
  'failed',
  'deferred',
  'cancelled',
  'interrupted',
] as const satisfies readonly RunStatus[]
type Ended = (typeof endedStatuses)[number]

const few = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: 2_000_000 }))
const figures = fc.record({
  added: few,
  changed: few,
  removed: few,
  unchanged: few,
  invalid: few,
  delivered: few,
  alreadyInPlace: few,
  leftAlone: few,
  rejected: few,
  onHold: few,
  unconfirmed: few,
  read: few,
  write: few,
})

/** A Run that ended with this status, with figures that such a Run can have. */
export function randomRun(status: Ended, { nouns, added }: WordedCase): fc.Arbitrary<Facts> {
  return figures.map((drawn): Facts => {
    const { read: reads, write: writes, ...all } = drawn
    const counts = countsOf(status, { ...noCounts, ...all })
    const sent = counts.delivered + counts.rejected + counts.unconfirmed
    const isKnown = status !== 'interrupted'
    return {
      status,
      undoes: null,
      counts,
      sent,
      requests: isKnown ? { read: reads, write: sent === 0 ? 0 : Math.max(1, writes) } : null,
      isCounted: true,
      effects: {},
      nouns,
      added,
      groups: nouns.group === null ? [] : ['VIP'],
      record: undefined,
      synced: 0,
      planned: counts.planned === 0 ? {} : { [added]: counts.planned },
    }
  })
}

function countsOf(status: Ended, drawn: Counts): Counts {
  const noFailures = { rejected: 0, onHold: 0, unconfirmed: 0, invalid: 0 }
  const nothingSent = { delivered: 0, alreadyInPlace: 0, leftAlone: 0, rejected: 0, onHold: 0, unconfirmed: 0 }
  const base = whole(drawn)
  switch (status) {
    case 'completed':
      return whole({ ...base, ...noFailures, delivered: base.delivered + 1 })
    case 'completed with failures':
      return whole({ ...base, rejected: base.rejected + 1 })
    case 'shelved':
      return { ...noCounts, unchanged: base.unchanged, read: base.unchanged }
    case 'blocked':
      return { ...whole({ ...base, ...nothingSent, added: base.added + 1 }), planned: base.added + 1 }
    case 'stopped':
      return whole({ ...base, delivered: base.delivered + 1 })
    default:
      return base
  }
}

/** Rows are what became of them; the plan is what has an Outcome. */
function whole(counts: Counts): Counts {
  const { added, changed, unchanged, invalid, delivered, alreadyInPlace, leftAlone, rejected, onHold, unconfirmed } =
    counts
  return {
    ...counts,
    read: added + changed + unchanged + invalid,
    planned: delivered + alreadyInPlace + leftAlone + rejected + onHold + unconfirmed,
  }
}

const colors = pc.createColors(false)
const at = new Date('2026-01-02T03:04:05Z')

/** The surfaces whose words need nothing but the Run itself. */
export function surfacesOfRun({ object, behavior }: WordedCase, facts: Facts): readonly Surface[] {
  const { status, counts, requests, nouns, planned } = facts
  const groups = facts.groups.map((name) => ({ name, id: '101' }))
  const run: RunSummary = {
    id: 7,
    activation: 'vips',
    activationId: 1,
    status,
    startedAt: at,
    finishedAt: at,
    behavior,
    object,
    identifier: 'id',
    groups,
    counts,
    requests: requests ?? {},
    notices: [],
    fault: null,
    worker: 'w',
    allowed: [],
    mapping: null,
    nouns,
  }
  const about = { nouns, groups: groups.length, takesOff: behavior === 'detach' }
  const none = { created: 0, updated: 0, archived: 0, deleted: 0, restored: 0 }
  const details = { effects: none, failures: [], invalidRows: [] }
  return [
    {
      name: 'show',
      lines: showSummary(run, details, { now: at.getTime(), options: '', width: 400 }, colors).filter(
        (line) => !line.startsWith('Invalid rows'),
      ),
      quoted: [],
    },
    { name: 'runs', lines: runTable([run], at.getTime(), { colors, width: 400 }), quoted: [] },
    {
      name: 'page of the Run',
      lines: [runSentence({ status, purpose: 'run', undoes: null, counts, requests, groups, nouns })],
      quoted: [],
    },
    { name: 'tooltip of the status', lines: [`status: ${runStatusWords[status].meaning}`], quoted: [] },
    {
      name: 'plan on the page of the Run',
      lines: [
        plannedSentence(counts.planned, null, status === 'blocked'),
        madeSentence(requests?.write ?? 0),
        ...Object.entries(planned).map(([operation, lines]) =>
          groupSentence({ operation, reason: 'new', code: null, title: null, lines }, about, null),
        ),
      ],
      quoted: [],
    },
  ]
}
