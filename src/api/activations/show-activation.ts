import type { z } from 'zod'
import { withoutAbsent } from '../../model/absent-groups.ts'
import { nextRunAt, type Schedule } from '../../rules/schedule.ts'
import { immutableReasons } from '../../engine/steps/open/immutable-settings.ts'
import { scheduledKey } from '../../engine/jobs/run-jobs.ts'
import { activationState } from '../../model/activation-state.ts'
import type { TargetObject } from '../../connect/target.ts'
import { behaviorFor, behaviorWords, type SyncBehavior } from '../../model/behavior.ts'
import { nounsOf, plainNouns } from '../../model/noun.ts'
import { Fault } from '../../model/fault.ts'
import { noCounts, type Counts } from '../../model/run.ts'
import type { ActivationSummary } from '../../store/project/activation-summaries.ts'
import { readStartTimes } from '../../store/queue/job-queue.ts'
import type { Judgement } from '../project/validation-cache.ts'
import { etagOf } from '../mount.ts'
import type { Services } from '../services.ts'
import type { activationDetail, activationSummary } from './contract.ts'
import { findActivation, type ActivationRow } from '../../store/project/activations.ts'

type Summary = z.output<typeof activationSummary>
type Detail = z.output<typeof activationDetail>

/** Shows saved Activations, each validated together with the saved Connections. */
export async function showActivations(services: Services, rows: readonly ActivationSummary[]): Promise<Summary[]> {
  const { project, now } = services
  const [judgements, starts] = await Promise.all([project.validationCache(rows), startsOf(services, rows)])
  return rows.map((row) =>
    summaryOf(row, judgements.get(row.name) ?? unjudged, {
      behaviors: project.connectors.behaviors,
      now: now(),
      starts,
    }),
  )
}

/** Due times of scheduled Activations from the queue, which also knows postponed Runs and Runs that resume sooner. */
async function startsOf({ database: { pool, schema } }: Services, rows: readonly ActivationSummary[]): Promise<Starts> {
  return await readStartTimes(
    pool,
    schema,
    rows.filter(({ body }) => scheduleWords(body) !== null).map(({ name }) => scheduledKey(name)),
  )
}

type Starts = ReadonlyMap<string, Date>

export async function showActivation(services: Services, row: ActivationSummary): Promise<Detail> {
  const { project, now } = services
  const [judgements, starts] = await Promise.all([project.validationCache([row]), startsOf(services, [row])])
  const judgement = judgements.get(row.name) ?? unjudged
  const setting = judgement.object?.group?.setting
  return {
    ...summaryOf(row, judgement, { behaviors: project.connectors.behaviors, now: now(), starts }),
    config: { ...row.body },
    etag: etagOf(row.revision),
    updatedAt: row.updatedAt.toISOString(),
    frozen: row.immutableSettings === null ? {} : { ...immutableReasons(row.immutableSettings, setting) },
    groups: groupsOf(row, setting),
  }
}

const unjudged: Judgement = { trouble: undefined, schedule: null, object: undefined }

interface Around {
  readonly behaviors: Services['project']['connectors']['behaviors']
  readonly now: number
  readonly starts: Starts
}

function summaryOf(
  row: ActivationSummary,
  { trouble: own, schedule, object }: Judgement,
  { behaviors, now, starts }: Around,
): Summary {
  const { name, body, lastRun, onHold, synced, notLoaded, unconfirmed, paused } = row
  const text = (key: string) => (typeof body[key] === 'string' ? body[key] : '')
  const trouble = row.takenOverBy === null ? own : takenOver(name, row.takenOverBy)
  const isRunning = lastRun !== null && lastRun.finishedAt === null && lastRun.status !== 'interrupted'
  return {
    name,
    warehouse: text('warehouse'),
    target: text('target'),
    object: text('object'),
    objectLabel: object?.label ?? text('object'),
    nouns: object === undefined ? plainNouns : nounsOf(object),
    behavior: text('behavior'),
    operations: operationsOf(behaviors.get(text('behavior')), object),
    behaviorLabel: labelOf(behaviors.get(text('behavior')), object) ?? text('behavior'),
    schedule: scheduleWords(body),
    paused,
    state: activationState({
      paused,
      broken: trouble !== undefined,
      running: isRunning,
      lastStatus: lastRun?.status ?? null,
      notLoaded,
    }),
    problem:
      trouble === undefined ? null : { code: trouble.code, message: trouble.message, advice: trouble.advice ?? null },
    lastRun:
      lastRun === null
        ? null
        : {
            run: lastRun.run,
            status: lastRun.status,
            startedAt: lastRun.startedAt,
            finishedAt: lastRun.finishedAt,
            counts: withoutLeftAlone({ ...noCounts, ...lastRun.counts }),
            fault: lastRun.fault,
          },
    nextRunAt: trouble !== undefined || paused || isRunning ? null : dueAt(schedule, row, now, starts),
    standing: { onHold, notLoaded, unconfirmed, held: synced },
    history: [...row.history],
  }
}

/** The behavior's label for this object; undefined if either is unknown. */
function labelOf(behavior: SyncBehavior | undefined, object: TargetObject | undefined): string | undefined {
  return behavior && object && behaviorWords(behavior, object).label
}

/** The operations of the behavior for this object; null if either is unknown. */
function operationsOf(behavior: SyncBehavior | undefined, object: TargetObject | undefined): Summary['operations'] {
  if (behavior === undefined || object === undefined) return null
  return { ...(behaviorFor(behavior, object) ?? behavior).plan }
}

function withoutLeftAlone({ leftAlone: _beside, ...counts }: Counts): Omit<Counts, 'leftAlone'> {
  return counts
}

function dueAt(
  schedule: Schedule | null,
  { name, lastRun, updatedAt }: ActivationSummary,
  now: number,
  starts: Starts,
): string | null {
  if (schedule === null) return null
  const start = starts.get(scheduledKey(name))
  if (start !== undefined) return new Date(Math.max(now, start.getTime())).toISOString()
  const lastStartedAt = lastRun === null ? undefined : Date.parse(lastRun.startedAt)
  return new Date(nextRunAt(schedule, { lastStartedAt, savedAt: updatedAt.getTime(), now })).toISOString()
}

/** The schedule as configured: `every 1h`, `0 6 * * * (Europe/Berlin)`. */
function scheduleWords({ schedule, cron, timezone }: ActivationSummary['body']): string | null {
  if (typeof schedule === 'string') return schedule.trim()
  const written =
    typeof schedule === 'object' && schedule !== null
      ? (schedule as { readonly cron?: unknown; readonly timezone?: unknown })
      : { cron, timezone }
  return typeof written.cron === 'string'
    ? `${written.cron} (${typeof written.timezone === 'string' ? written.timezone : 'UTC'})`
    : null
}

/** The groups that the last Run found; else those of the immutable settings; else the names in the config. */
function groupsOf(
  { lastRun, immutableSettings, body }: ActivationSummary,
  setting: string | undefined,
): Detail['groups'] {
  const found =
    lastRun !== null && lastRun.groups.length > 0 ? withoutAbsent(lastRun.groups) : (immutableSettings?.groups ?? [])
  if (found.length > 0) return found.map(({ name, id }) => ({ name, id }))
  const written = setting === undefined ? undefined : body[setting]
  return Array.isArray(written) ? written.map((name) => ({ name: String(name), id: null })) : []
}

function takenOver(name: string, by: string): Fault {
  return new Fault('config', `"${by}" took over the state of "${name}", so "${name}" no longer runs.`, {
    code: 'memory-handed-over',
    advice: `Use "${by}", and delete "${name}".`,
  })
}

/** The stored state of a saved Activation; undefined before its first Run. Throws a Fault `activation-not-found`. */
export async function findRow({ database, project }: Services, name: string): Promise<ActivationRow | undefined> {
  const row = await findActivation(database.pool, name)
  if (row === undefined) await project.read('activations', name)
  return row
}
