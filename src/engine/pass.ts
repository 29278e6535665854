import { Fault } from '../model/fault.ts'
import { endStatus, noCounts, type Counts, type RequestCounts, type RunStatus } from '../model/run.ts'
import { refuseDuplicate } from '../sync/map.ts'
import { freezeActivation, type ActivationRow } from '../store/activations.ts'
import { compareStage } from '../store/compare.ts'
import { countOutcomes, countStanding, recordRefusals } from '../store/ledger.ts'
import { dropOperations } from '../store/operations.ts'
import { enterStatus, finishRun, nameMembers } from '../store/runs.ts'
import { holdTheRest, type Holder } from '../store/settle.ts'
import { openStage } from '../store/stage.ts'
import { upkeep } from '../store/upkeep.ts'
import type { WarehouseSession } from '../connect/warehouse.ts'
import type { Activation } from './activation.ts'
import { openTarget, openWarehouse, type TargetLink } from './connections.ts'
import { deliver, type DeliveryEnd } from './deliver.ts'
import { frozenForm, refuseThaw } from './frozen.ts'
import type { Ports } from './ports.ts'
import { namedRefusals, readRows } from './read-rows.ts'
import { asFault } from './send-slice.ts'

export interface RunReport {
  readonly run: number
  readonly activation: string
  readonly status: RunStatus
  readonly counts: Counts
  readonly requests: RequestCounts
  readonly durationMs: number
  readonly notices: readonly string[]
  /** Failures of this and earlier Runs that still stand. */
  readonly standing: { readonly notLoaded: number; readonly inDoubt: number }
  readonly fault: Fault | undefined
}

/** How a process holds the Run it makes a pass for. */
export interface Held {
  readonly activation: Activation
  readonly row: ActivationRow
  readonly holder: Holder
  readonly ports: Ports
  /** Aborted when the Run must stop at once: by the process, or because its lock was lost. */
  readonly signal: AbortSignal
  /** False while only a Plan is wanted: then nothing is remembered. */
  readonly remember: boolean
}

/** One pass of one Activation, step by step; holds what the steps hand on to each other, and tells where it stands. */
export class Pass {
  readonly notices: string[] = []
  counts: Counts = noCounts
  link: TargetLink | undefined
  private status: RunStatus = 'reading'
  private answered = 0
  private failed = 0
  private readonly startedAt: number
  private readonly deadline: number
  private readonly held: Held

  constructor(held: Held) {
    this.held = held
    this.startedAt = held.ports.now()
    this.deadline = this.startedAt + held.activation.timeLimitMs
    this.tell()
  }

  /** Reaches both outside systems at once, and sees that the Activation means what its Snapshot speaks of. The caller closes the session. */
  async open(): Promise<WarehouseSession> {
    const { activation, ports, row, signal } = this.held
    const [warehouse, target] = await Promise.allSettled([
      openWarehouse(activation, ports),
      openTarget(activation, ports, { activationId: row.id, signal, deadline: this.deadline }),
    ])
    if (target.status === 'fulfilled') this.link = target.value
    if (warehouse.status === 'rejected') throw warehouse.reason
    try {
      if (target.status === 'rejected') throw target.reason
      await this.takeAim(target.value)
      return warehouse.value
    } catch (error) {
      await warehouse.value.close()
      throw error
    }
  }

  private async takeAim(link: TargetLink): Promise<void> {
    const { activation, ports, row, remember, holder } = this.held
    const form = frozenForm(activation, link)
    if (row.frozen !== null) refuseThaw(activation, row.frozen, form, link.account.account)
    else if (remember) await freezeActivation(ports.database, row.id, form)
    this.notices.push(...link.resolved.notices)
    await nameMembers(ports.database, holder.runId, link.resolved.members)
  }

  /** Steps 1 to 5: read, map, stage; compare the sealed Stage with the Snapshot; plan. */
  async readAndCompare(session: WarehouseSession): Promise<void> {
    const { activation, ports, holder, remember } = this.held
    const stage = await openStage(ports.database, holder.runId)
    try {
      const untilStopped = AbortSignal.any([this.held.signal, ports.stop])
      const rows = await readRows(session, activation, stage, untilStopped, (read, refused) => {
        this.counts = { ...this.counts, read, refused }
        this.tell()
      })
      await this.enter('comparing')
      const kind = activation.behavior.plan.added
      if (kind === null) throw new Fault('bug', `Behavior "${activation.behavior.id}" asks for nothing.`, { code: 'empty-behavior' })
      const found = await compareStage(ports.database, { runId: holder.runId, activationId: holder.activationId, stage: stage.table, kind, remember })
      const named = found.duplicates.slice(0, Math.max(0, namedRefusals - rows.refusals.length))
        .map(({ key, rows: times }) => refuseDuplicate(key, times, activation.identifier.column))
      await recordRefusals(ports.database, holder.runId, 1, [...rows.refusals, ...named])
      this.counts = {
        ...this.counts, read: rows.read, refused: rows.refused + found.duplicateRows,
        added: found.added, removed: found.removed, unchanged: found.unchanged, planned: found.added,
      }
    } finally {
      await stage.drop()
    }
  }

  /** Steps 6 and 7: mark, send, settle, batch by batch. What is to be created is created now that something needs it. */
  async deliver(): Promise<DeliveryEnd> {
    const end = await this.sendAll().catch((error: unknown): DeliveryEnd => ({ how: 'fault', fault: asFault(error) }))
    if (end.how !== 'done') await this.holdRest(end)
    return end
  }

  private async sendAll(): Promise<DeliveryEnd> {
    const { activation, ports, row, holder } = this.held
    const link = this.link
    if (link === undefined) throw new Error('delivering without a Target')
    if (ports.stop.aborted) return { how: 'cancelled' }
    await this.enter('delivering')
    const { toCreate } = link.resolved
    // Even where nothing is to be created: a long read lies behind us, and some calls address tags by the name they have now.
    const resolved = await activation.object.prepare(link.io, link.resolved.ready)
    this.notices.push(...toCreate.map((name) => `Created the ${activation.object.members?.noun ?? 'member'} "${name}".`))
    await nameMembers(ports.database, holder.runId, resolved.members)
    if (toCreate.length > 0) await freezeActivation(ports.database, row.id, frozenForm(activation, { ...link, resolved }))
    return await deliver({
      database: ports.database, holder, client: link.client,
      addressee: { io: link.io, object: activation.object, resolved, identifierField: activation.identifier.field },
      stop: ports.stop, deadline: this.deadline, now: ports.now,
      onAnswers: (answers, failed) => {
        this.answered += answers
        this.failed += failed
        this.tell()
      },
    })
  }

  private async holdRest(end: DeliveryEnd): Promise<void> {
    const words = {
      done: '', cancelled: 'The Run was stopped before this was sent.', 'time-limit': 'The Run reached its time limit before this was sent.',
      trouble: `The Target does not answer: ${'fault' in end ? end.fault.message : ''}`,
      fault: `The Run failed before this was sent: ${'fault' in end ? end.fault.message : ''}`,
    }[end.how]
    await holdTheRest(this.held.ports.database, this.held.holder, end.how === 'fault' ? 'run-failed' : end.how, words)
  }

  /** Step 8: the counts come from the Ledger, not from what this process remembers. */
  async report(end: DeliveryEnd | undefined, fault: Fault | undefined): Promise<RunReport> {
    const { activation, ports, row, holder } = this.held
    const outcomes = await countOutcomes(ports.database, holder.runId)
    this.counts = {
      ...this.counts, delivered: outcomes.delivered, alreadyInPlace: outcomes.unchanged, rejected: outcomes.rejected, onHold: outcomes.deferred, inDoubt: outcomes.uncertain,
    }
    this.status = endsAs(this.counts, end, fault)
    const requests = { read: this.link?.client.counts.read ?? 0, write: this.link?.client.counts.write ?? 0 }
    await finishRun(ports.database, holder.runId, holder.attempt, { status: this.status, counts: this.counts, requests, notices: this.notices, fault })
    await dropOperations(ports.database, holder.runId)
    await upkeep(ports.database, this.counts.planned)
    this.tell()
    return {
      run: holder.runId, activation: activation.name, status: this.status, counts: this.counts, requests, durationMs: ports.now() - this.startedAt,
      notices: this.notices, standing: await countStanding(ports.database, row.id), fault,
    }
  }

  async close(): Promise<void> {
    await this.link?.client.close()
  }

  private async enter(status: RunStatus): Promise<void> {
    this.status = status
    await enterStatus(this.held.ports.database, this.held.holder.runId, status)
    this.tell()
  }

  private tell(): void {
    this.held.ports.progress({
      run: this.held.holder.runId, activation: this.held.activation.name, status: this.status, read: this.counts.read, refused: this.counts.refused,
      planned: this.counts.planned, answered: this.answered, failed: this.failed, pending: this.link?.client.pending ?? 0,
      rate: this.link?.client.rate,
    })
  }
}

function endsAs(counts: Counts, end: DeliveryEnd | undefined, fault: Fault | undefined): RunStatus {
  if (end?.how === 'cancelled' || fault?.kind === 'cancelled') return 'cancelled'
  if (end?.how === 'trouble' || end?.how === 'time-limit') return 'deferred'
  return fault === undefined ? endStatus(counts) : 'failed'
}
