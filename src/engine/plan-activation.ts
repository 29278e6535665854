import { estimateWriteMs } from './estimate-write-ms.ts'
import type { Reason } from '../model/operation.ts'
import type { Notice } from '../model/notice.ts'
import { nounsOf } from '../model/noun.ts'
import type { PlanFigures } from '../model/words/plan-figures.ts'
import type { PlanAbout } from '../model/words/plan-lines.ts'
import type { Counts, RequestCounts } from '../model/run.ts'
import { forgetSnapshot } from '../store/snapshot/write-snapshot.ts'
import {
  groupInvalidRows,
  readInvalidRows,
  type InvalidRowEntry,
  type InvalidRowGroup,
} from '../store/ledger/invalid-rows.ts'
import {
  pendingGroup,
  readOperations,
  type PlannedOperation,
  type SkipCode,
  writingKinds,
} from '../store/plans/operations.ts'
import { countLinks, firstKept, type PlanGroup } from '../store/plans/plan-groups.ts'
import {
  countUpdatedValues,
  groupUndeliverable,
  measureFanOut,
  type FanOut,
  type Undeliverable,
} from '../store/plans/plan-statistics.ts'
import { numberOfPlan } from '../store/plans/numbered-plans.ts'
import { discardRun } from '../store/runs/runs.ts'
import type { GuardRule, Violation } from '../rules/guardrails.ts'
import type { Activation } from './activation.ts'
import type { RunContext } from './run-context.ts'
import { openRun } from './steps/open/open-run.ts'
import { planLines } from './saved-plans/require-same-plan.ts'
import { keepMadePlan } from './saved-plans/kept-plan.ts'
import { withOverrides } from './overrides.ts'
import { withoutAbsent } from '../model/absent-groups.ts'
import { RunProgress } from './run-progress.ts'
import { readAndPlan, type PlannedRun } from './steps/plan.ts'
import { weighBasis } from './saved-plans/plan-basis.ts'
import { groupNames } from '../store/snapshot/drift.ts'
import { countPlanCalls } from './steps/plan/save-plan.ts'
import { groupColumn } from './steps/read/group-column.ts'
import { writePlanFile } from './saved-plans/plan-file.ts'
import type { Ports } from './ports.ts'
import { namesRecords, type LineNames } from './saved-plans/shown-line.ts'

/** How many Records are named as examples for each finding. */
const namedRecords = 3

/** What a Run would do now. Nothing of it is saved. */
export interface PlanReport {
  readonly activation: string
  readonly counts: Counts
  readonly requests: RequestCounts
  readonly groups: readonly { readonly name: string; readonly id: string | null }[]
  readonly toCreate: readonly string[]
  /** The links to add and to remove, by group: the largest number first. `id` is null while the group does not exist. */
  readonly links: readonly {
    readonly kind: 'attach' | 'detach'
    readonly name: string
    readonly id: string | null
    readonly links: number
  }[]
  /** Lines by operation. */
  readonly lines: PlanFigures
  /** What the words about the Plan need of its Activation. */
  readonly about: PlanAbout
  /**
   * True if upserts are only of Records without a match in the Target's index, so they create. False if the Target
   * decides.
   */
  readonly upsertsCreate: boolean
  /** How many values the updates set. */
  readonly values: number
  /** Records that cannot be delivered, or not now, by reason. */
  readonly undeliverable: readonly Undeliverable[]
  /** How many target records each identifier names, if a Record is delivered to all of them. */
  readonly fanOut: FanOut | undefined
  /** Calls that write, if every target record is found. */
  readonly writeCalls: number
  /** Time for these calls at the account's rate limit, in milliseconds. Undefined if the limit is unknown. */
  readonly writeMs: number | undefined
  /** Guardrails that would block a Run. `allowed`: overridden by `allow`. */
  readonly violations: readonly (Violation & { readonly allowed: boolean })[]
  /** Invalid rows, by code and column. */
  readonly invalidRows: readonly InvalidRowGroup[]
  /** Time zone in which the Warehouse evaluated the query, if it reports one. */
  readonly timezone: string | undefined
  readonly notices: readonly Notice[]
}

/** A Record for which the Plan asks nothing. */
export interface KeptRecord {
  readonly record: string
  /** Of a link: the group's name. */
  readonly group?: string
  readonly reason: Reason
}

/** A Plan that can be read while it is open. */
export interface Plan extends LineNames {
  readonly report: PlanReport
  /** Streams its lines in the order of their Records. `writes`: only the lines that write. */
  lines(which: 'all' | 'writes'): AsyncIterable<readonly PlannedOperation[]>
  /** Every invalid row. */
  invalidRows(): AsyncIterable<readonly InvalidRowEntry[]>
  /** The first Records that are skipped for this reason. */
  kept(note: SkipCode, limit: number): Promise<readonly KeptRecord[]>
  /**
   * Saves the Plan to a file for `run --plan`. It expires at `expiresAt` (epoch ms). Only for a Plan made with `exact`.
   */
  save(file: string, expiresAt: number): Promise<{ readonly hash: string }>
  /** Saves the Plan in the control database, and returns its number. */
  keep(expiresAt: number): Promise<number>
}

export interface PlanOptions {
  /** Guardrails to override for a Run of this Plan. */
  readonly allow?: readonly GuardRule[]
  /** Further notices for the report. */
  readonly notices?: readonly Notice[]
  /** The Plan may be saved, so digests of its inputs are computed. This takes time. */
  readonly exact?: boolean
}

/** Reads, compares and looks up the Target as a Run does, passes the Plan to `use`, and sends nothing. */
export async function planActivation<T>(
  activation: Activation,
  ports: Ports,
  options: PlanOptions,
  use: (plan: Plan) => Promise<T>,
): Promise<T> {
  const { allow = [], exact = false } = options
  return await openRun(
    withOverrides(activation, allow),
    ports,
    { remember: false, asPlan: true, allow, exact },
    async (context, notices) => {
      const progress = new RunProgress(context)
      let isKept = false
      try {
        const planned = await readAndPlan(context, progress)
        progress.notices.unshift(...notices, ...(options.notices ?? []))
        return await use(await openPlan(activation, context, progress, planned, () => (isKept = true)))
      } finally {
        await progress.close()
        if (!isKept) await discardRun(ports.database, context.lease.runId)
        // Discard the state that was taken over only for this Plan.
        if (activation.adopts !== undefined && !context.row.hasTakenOver)
          await forgetSnapshot(ports.database, context.row.id)
      }
    },
  )
}

async function openPlan(
  // Without the overrides of this Run: a saved plan must compare with what the file says.
  activation: Activation,
  context: RunContext,
  progress: RunProgress,
  planned: PlannedRun,
  onKept: () => void,
): Promise<Plan> {
  const {
    ports,
    lease: { runId },
    allow,
  } = context
  // A removed link may be of a group that no row names any more.
  const former = groupColumn(activation) === undefined ? [] : await groupNames(ports.database, context.row.id)
  const names = new Map([
    ...former,
    ...planned.link.resolved.groups.map(({ name, id }) => [id ?? pendingGroup(name), name] as const),
  ])
  const nameOf = (group: string): string => names.get(group) ?? group
  const report = await describe(context, progress, planned, nameOf)
  const recordOf = namesRecords(activation)
  const lines: Plan['lines'] = (which) =>
    readOperations(ports.database, runId, {
      lines: planned.lines,
      pageSize: 2000,
      ...(which === 'writes' && { kinds: writingKinds }),
    })
  const headUntil = async (expiresAt: number) => ({
    activation: activation.name,
    madeAt: new Date(ports.now()).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    allow,
    basis: await weighBasis(activation, context, planned),
    counts: { read: report.counts.read, invalid: report.counts.invalid, ...report.lines },
    calls: report.writeCalls,
  })
  return {
    report,
    lines,
    recordOf,
    invalidRows: () => readInvalidRows(ports.database, runId),
    kept: async (note, limit) =>
      (await firstKept(ports.database, runId, note, limit)).map(({ key, group, reason }) => ({
        record: recordOf({ key, identities: null }),
        ...(group !== '' && { group: nameOf(group) }),
        reason,
      })),
    nameOf,
    async save(file, expiresAt) {
      return { hash: await writePlanFile(file, await headUntil(expiresAt), planLines(lines('all'), recordOf)) }
    },
    async keep(expiresAt) {
      await keepMadePlan(ports.database, runId, { lines: planned.lines, recordOf }, await headUntil(expiresAt))
      onKept()
      return numberOfPlan(runId)
    },
  }
}

async function describe(
  { activation, ports, lease: { runId }, allow }: RunContext,
  { counts, notices, groups }: RunProgress,
  { link, violations, upsertsCreate, timezone }: PlannedRun,
  nameOf: LineNames['nameOf'],
): Promise<PlanReport> {
  const { resolved, client } = link
  const writeCalls = countPlanCalls(activation, link, groups)
  return {
    activation: activation.name,
    counts,
    requests: { read: client.counts.read, write: client.counts.write },
    groups: withoutAbsent(resolved.groups),
    toCreate: resolved.toCreate,
    lines: linesOf(groups),
    about: {
      nouns: nounsOf(activation.object),
      groups: withoutAbsent(resolved.groups).length,
      takesOff: activation.behavior.plan.added === 'detach',
    },
    links: (await countLinks(ports.database, runId)).map(({ kind, group, links }) => ({
      kind,
      name: nameOf(group),
      id: group.startsWith('name:') ? null : group,
      links,
    })),
    upsertsCreate,
    writeCalls,
    values: await countUpdatedValues(ports.database, runId),
    undeliverable: await groupUndeliverable(ports.database, runId, namedRecords),
    fanOut: activation.matches === 'all' ? await measureFanOut(ports.database, runId, namedRecords) : undefined,
    writeMs: estimateWriteMs(writeCalls, client.limits, activation),
    violations: violations.map((violation) => ({ ...violation, allowed: allow.includes(violation.rule) })),
    invalidRows: await groupInvalidRows(ports.database, runId, namedRecords),
    timezone,
    notices,
  }
}

function linesOf(groups: readonly PlanGroup[]): PlanFigures {
  const sum = (fits: (group: PlanGroup) => boolean) =>
    groups.filter(fits).reduce((lines, group) => lines + group.lines, 0)
  return {
    adds: sum(({ kind }) => kind === 'attach'),
    removes: sum(({ kind }) => kind === 'detach'),
    creates: sum(({ kind }) => kind === 'create'),
    upserts: sum(({ kind }) => kind === 'upsert'),
    updates: sum(({ kind }) => kind === 'update'),
    deletes: sum(({ kind }) => kind === 'delete'),
    archives: sum(({ kind }) => kind === 'archive'),
    notLoaded: sum(({ kind }) => kind === 'reject'),
    onHold: sum(({ kind }) => kind === 'wait'),
    inPlace: sum(({ note }) => note === 'in-place' || note === 'confirmed'),
    leftAlone: sum(({ note }) => note === 'external'),
    elsewhere: sum(({ note }) => note === 'wanted-elsewhere'),
    nothingToDo: sum(({ note }) => note === 'nothing-to-do'),
  }
}
