import type { Pool } from 'pg'
import pc from 'picocolors'
import { showPlanOf } from '../../api/runs/plan-routes.ts'
import { showRun } from '../../api/runs/show-run.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { noCounts } from '../../model/run.ts'
import { madeSentence, plannedSentence } from '../../model/words/plan-figures.ts'
import { groupSentence } from '../../model/words/plan-lines.ts'
import { runSentence } from '../../model/words/run-sentence.ts'
import { runStatusWords } from '../../model/words/run-status.ts'
import { countEffects } from '../../store/ledger/effects.ts'
import { groupFailures } from '../../store/ledger/failures.ts'
import { groupInvalidRows } from '../../store/ledger/invalid-rows.ts'
import { readStoredPlan } from '../../store/plans/stored-plans.ts'
import { findRun } from '../../store/runs/runs.ts'
import { nextLines, runSummary } from '../output/runs/run-summary.ts'
import { runTable } from '../output/runs/run-table.ts'
import { behaviors } from '../../behaviors/registry.gen.ts'
import { readRecordStory } from '../../engine/record-story.ts'
import { deedWords, syncedWords, unmatchedWords } from '../../model/words/activation-words.ts'
import { authorshipWords, nextWords, nowWords } from '../../model/words/story.ts'
import { findListedRun, runPoints } from '../../store/runs/run-pages.ts'
import { showSummary, type RunDetails } from '../output/runs/show-summary.ts'
import type { Facts, RecordFacts, Surface } from './facts.fixture.ts'
import type { TruthCase } from './cases.fixture.ts'

const colors = pc.createColors(false)

/** A Run as each command and page shows it. `report`: undefined if its process died. */
export async function surfacesOf(
  pool: Pool,
  id: number,
  report: RunReport | undefined,
  each: TruthCase,
): Promise<readonly Surface[]> {
  const run = await findRun(pool, id)
  const listed = await findListedRun(pool, id)
  if (run === undefined || listed === undefined) throw new Error(`There is no Run ${id}.`)
  const { fault, notices } = run
  const quoted = [
    ...(fault === null ? [] : [fault.code, ...texts(fault.message), ...texts(fault.advice ?? '')]),
    ...notices.map(({ words }) => words),
  ]
  const details: RunDetails = {
    effects: await countEffects(pool, id),
    failures: await groupFailures(pool, id, 3),
    invalidRows: await groupInvalidRows(pool, id, 3),
  }
  // What the Target and the reader of rows said about single records.
  for (const { first } of [...details.failures, ...details.invalidRows])
    quoted.push(...first.map(({ message }) => message).filter((message) => message !== null))
  const api = showRun(listed, Date.now())
  const plan = showPlanOf(listed, await readStoredPlan(pool, id))
  const about = { nouns: api.nouns, groups: api.groups.length, takesOff: api.behavior === 'detach' }
  return [
    ...(report === undefined
      ? []
      : [
          {
            name: 'run',
            lines: [...(await runSummary(report, pool, colors)), ...nextLines(report, '', colors)],
            quoted,
          },
        ]),
    {
      name: 'show',
      lines: showSummary(run, details, { now: Date.now(), options: '', width: 400 }, colors),
      quoted,
    },
    { name: 'runs', lines: runTable([run], Date.now(), { colors, width: 400 }), quoted },
    {
      name: 'API',
      lines: [
        ...Object.entries(api.counts).map(([name, n]) => `api ${name}: ${n}`),
        `api leftAlone: ${api.leftAlone}`,
        `api requests: ${api.requests === null ? 'null' : `${api.requests.read} ${api.requests.write}`}`,
      ],
      quoted: [],
    },
    {
      name: 'page of the Run',
      lines: [runSentence({ ...api, counts: { ...api.counts, leftAlone: api.leftAlone } })],
      quoted: [],
    },
    { name: 'tooltip of the status', lines: [`status: ${runStatusWords[api.status].meaning}`], quoted: [] },
    {
      name: 'plan on the page of the Run',
      lines:
        plan.state !== 'planned'
          ? ['No plan.']
          : [
              plannedSentence(plan.writes, plan.calls.estimated, api.status === 'blocked'),
              madeSentence(plan.calls.made),
              ...plan.groups.map((group) => groupSentence(group, about, api.undoes)),
            ],
      quoted: [],
    },
    { name: 'page of a record, and why', lines: await storyOf(pool, run.activation, each), quoted: [] },
    { name: 'page of the Activation', lines: await activationLines(pool, run.activation, each, api), quoted: [] },
  ]
}

function texts(text: string): string[] {
  return text === '' ? [] : [text]
}

/** The facts about a Run: the Outcomes from its Ledger, by an own query; what was sent, by the Target. */
export async function factsOf(
  pool: Pool,
  id: number,
  each: TruthCase,
  rows: { readonly read: number; readonly invalid: number },
): Promise<Facts> {
  const { activation, sent } = each
  const run = await findListedRun(pool, id)
  if (run === undefined) throw new Error(`There is no Run ${id}.`)
  const isCounted = run.finishedAt !== null
  const { rows: lines } = await pool.query<{ status: string; n: number }>(
    `select case when status = 'in-place' and code in ('external', 'later-run', 'wanted-elsewhere', 'state-unknown', 'cannot-restore') then 'leftAlone' else status end as status,
       count(distinct (key, kind))::int as n from ledger where run_id = $1 group by 1`,
    [id],
  )
  const of = (status: string): number => lines.find((line) => line.status === status)?.n ?? 0
  const settled = new Set(
    (await pool.query<{ key: string }>('select key from ledger where run_id = $1', [id])).rows.map(({ key }) => key),
  )
  const unsettled = new Set(sent.map(({ operation }) => operation.key).filter((key) => !settled.has(key))).size
  const plan = await readStoredPlan(pool, id)
  const planned: Record<string, number> = {}
  for (const { kind, lines: n } of plan?.groups ?? []) planned[kind] = (planned[kind] ?? 0) + n
  return {
    status: run.status,
    undoes: run.undoes,
    counts: {
      ...noCounts,
      ...run.counts,
      ...rows,
      delivered: of('delivered'),
      alreadyInPlace: of('in-place'),
      leftAlone: of('leftAlone'),
      rejected: of('rejected'),
      onHold: of('on-hold'),
      unconfirmed: of('unconfirmed') + (isCounted && run.status === 'interrupted' ? unsettled : 0),
    },
    sent: sent.length,
    requests: run.status === 'interrupted' ? null : { read: run.requests.read ?? 0, write: run.requests.write ?? 0 },
    isCounted,
    effects: effectsOf(sent),
    nouns: {
      record: activation.object.noun,
      group: activation.object.group?.noun ?? null,
    },
    added: activation.behavior.plan.added ?? '',
    groups: run.groups.map(({ name }) => name),
    planned,
    synced: await countSyncedRecords(pool, run.activationId),
    record: recordFacts(each),
  }
}

const effectOf = {
  create: 'created',
  update: 'updated',
  upsert: 'updated',
  archive: 'archived',
  delete: 'deleted',
  restore: 'unarchived',
} as const

function effectsOf(sent: TruthCase['sent']): Record<string, number> {
  const effects: Record<string, number> = {}
  for (const { operation, outcome } of sent) {
    if (outcome?.status !== 'delivered' || operation.kind === 'attach' || operation.kind === 'detach') continue
    const effect = outcome.effect === 'created' ? 'created' : effectOf[operation.kind]
    effects[effect] = (effects[effect] ?? 0) + 1
  }
  return effects
}

/** The first Record of the Run that reached the Target. */
const firstOf = ({ sent }: TruthCase): string | undefined => sent[0]?.operation.key

function recordFacts(each: TruthCase): RecordFacts | undefined {
  const key = firstOf(each)
  if (key === undefined) return undefined
  const own = each.everSent.filter(({ operation }) => operation.key === key)
  const delivered = own.filter(({ outcome }) => outcome?.status === 'delivered')
  return {
    isHeld: each.holds(key),
    wasSent: own.length > 0,
    wasDelivered: delivered.length > 0,
    wasWrittenTwice: delivered.length > 1,
    isManaged: delivered.some(
      ({ operation: { kind }, outcome }) =>
        kind === 'attach' || kind === 'create' || (outcome?.status === 'delivered' && outcome.effect === 'created'),
    ),
  }
}

async function storyOf(pool: Pool, activation: string, each: TruthCase): Promise<string[]> {
  const key = firstOf(each)
  const story =
    key === undefined ? undefined : await readRecordStory(pool, activation, key, new Map(Object.entries(behaviors)))
  if (story === undefined) return []
  const time = (at: Date): string => at.toISOString()
  return [
    `now: ${nowWords(story, time)}`,
    ...authorshipWords(story).map((words) => `author: ${words}`),
    `next: ${nextWords(story, Date.now(), time)}`,
  ]
}

async function activationLines(
  pool: Pool,
  name: string,
  { activation: { behavior } }: TruthCase,
  { nouns, groups }: ReturnType<typeof showRun>,
): Promise<string[]> {
  const about = { operations: behavior.plan, nouns, groups }
  const { label, meaning } = syncedWords(about)
  // The chart of the page: its last point is the current state.
  const last = (await runPoints(pool, name, 1, 1)).at(-1)
  return [
    ...(last?.synced === undefined || last.synced === null ? [] : [`activation: synced ${last.synced}`]),
    `activation: ${label}. ${meaning}`,
    `activation: ${unmatchedWords(about)}`,
    // A Run that ended early knows no group by name.
    ...(groups.length > 0 || nouns.group === null ? [`activation: ${deedWords(about)}`] : []),
  ]
}

async function countSyncedRecords(pool: Pool, activationId: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(distinct key)::int as n from snapshot where activation_id = $1 and state = 'synced'`,
    [activationId],
  )
  return rows[0]?.n ?? 0
}
