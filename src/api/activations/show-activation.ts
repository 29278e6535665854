import type { z } from 'zod'
import type { ActivationConfig } from '../../config/config.ts'
import { nextRunAt } from '../../config/next-run.ts'
import type { TargetObject } from '../../connect/target.ts'
import { frozenReasons } from '../../engine/frozen.ts'
import { activationState } from '../../model/activation-state.ts'
import { Fault } from '../../model/fault.ts'
import { noCounts } from '../../model/run.ts'
import type { ActivationSummary } from '../../store/activation-summaries.ts'
import { troubleOf, type Composition } from '../compose.ts'
import { etagOf } from '../mount.ts'
import type { Services } from '../services.ts'
import type { activationDetail, activationSummary } from './contract.ts'

type Summary = z.output<typeof activationSummary>
type Detail = z.output<typeof activationDetail>

/** Shows saved Activations, each judged beside the Connections that are saved. */
export async function showActivations({ project, now }: Services, rows: readonly ActivationSummary[]): Promise<Summary[]> {
  const composition = await project.composition(rows)
  const objects = await objectsOf(composition, project.connectors)
  return rows.map((row) => summaryOf(row, { composition, object: objects(row.body), behaviors: project.connectors.behaviors, now: now() }))
}

export async function showActivation(services: Services, row: ActivationSummary): Promise<Detail> {
  const { project, now } = services
  const composition = await project.composition([row])
  const object = (await objectsOf(composition, project.connectors))(row.body)
  const setting = object?.members?.setting
  return {
    ...summaryOf(row, { composition, object, behaviors: project.connectors.behaviors, now: now() }),
    config: { ...row.body }, etag: etagOf(row.revision), updatedAt: row.updatedAt.toISOString(),
    frozen: row.frozen === null ? {} : { ...frozenReasons(row.frozen, setting) },
    members: membersOf(row, setting),
  }
}

interface Around {
  readonly composition: Composition
  readonly object: TargetObject | undefined
  readonly behaviors: Services['project']['connectors']['behaviors']
  readonly now: number
}

function summaryOf(row: ActivationSummary, { composition, object, behaviors, now }: Around): Summary {
  const { name, body, lastRun, onHold, held, notLoaded, inDoubt, paused } = row
  const text = (key: string) => typeof body[key] === 'string' ? body[key] : ''
  const trouble = row.adoptedBy === null ? troubleOf(composition, name, { warehouse: body['warehouse'], target: body['target'] }) : adopted(name, row.adoptedBy)
  const isRunning = lastRun !== null && lastRun.finishedAt === null
  const config = composition.config.activations.get(name)
  return {
    name, warehouse: text('warehouse'), target: text('target'), object: text('object'), objectLabel: object?.label ?? text('object'),
    behavior: text('behavior'), behaviorLabel: behaviors.get(text('behavior'))?.label ?? text('behavior'),
    schedule: scheduleWords(body), paused,
    state: activationState({ paused, broken: trouble !== undefined, running: isRunning, lastStatus: lastRun?.status ?? null, notLoaded }),
    problem: trouble === undefined ? null : { code: trouble.code, message: trouble.message, advice: trouble.advice ?? null },
    lastRun: lastRun === null ? null
      : { run: lastRun.run, status: lastRun.status, startedAt: lastRun.startedAt, finishedAt: lastRun.finishedAt, counts: { ...noCounts, ...lastRun.counts }, fault: lastRun.fault },
    nextRunAt: trouble !== undefined || paused || isRunning ? null : dueAt(config, row, now),
    standing: { onHold, notLoaded, inDoubt, held },
    history: [...row.history],
  }
}

function dueAt(config: ActivationConfig | undefined, { lastRun, updatedAt }: ActivationSummary, now: number): string | null {
  if (config === undefined || config.schedule === null) return null
  const lastStartedAt = lastRun === null ? undefined : Date.parse(lastRun.startedAt)
  return new Date(nextRunAt(config.schedule, { lastStartedAt, savedAt: updatedAt.getTime(), now })).toISOString()
}

/** As it is written: `every 1h`, `0 6 * * * (Europe/Berlin)`. */
function scheduleWords({ schedule, cron, timezone }: ActivationSummary['body']): string | null {
  if (typeof schedule === 'string') return schedule.trim()
  const written = typeof schedule === 'object' && schedule !== null ? schedule as { readonly cron?: unknown; readonly timezone?: unknown } : { cron, timezone }
  return typeof written.cron === 'string' ? `${written.cron} (${typeof written.timezone === 'string' ? written.timezone : 'UTC'})` : null
}

/** What the last Run found, else the names that are written. */
function membersOf({ lastRun, frozen, body }: ActivationSummary, setting: string | undefined): Detail['members'] {
  const found = lastRun !== null && lastRun.members.length > 0 ? lastRun.members : frozen?.members ?? []
  if (found.length > 0) return found.map(({ name, id }) => ({ name, id }))
  const written = setting === undefined ? undefined : body[setting]
  return Array.isArray(written) ? written.map((name) => ({ name: String(name), id: null })) : []
}

/** Finds the object that an Activation writes, by its Target's type. */
async function objectsOf({ config }: Composition, connectors: Services['project']['connectors']): Promise<(body: ActivationSummary['body']) => TargetObject | undefined> {
  const types = [...new Set([...config.targets.values()].map(({ type }) => type))]
  const specs = new Map(await Promise.all(types.map(async (type) => [type, await connectors.target(type)] as const)))
  return (body) => {
    const type = config.targets.get(String(body['target']))?.type
    return type === undefined ? undefined : specs.get(type)?.objects.find(({ id }) => id === body['object'])
  }
}

function adopted(name: string, by: string): Fault {
  return new Fault('config', `"${by}" took over the memory of "${name}", so it does not run any more.`, { code: 'memory-handed-over', advice: `Use "${by}"; delete this one.` })
}
