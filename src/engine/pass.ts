import { Fault } from '../model/fault.ts'
import { notice, type Notice } from '../model/notice.ts'
import type { Column } from '../model/row.ts'
import { noCounts, type Counts, type RunStatus } from '../model/run.ts'
import { noneVerified, type Verified } from '../model/verified.ts'
import type { Violation } from '../rules/guardrails.ts'
import { saveImmutableSettings } from '../store/project/activations.ts'
import { compareStage, savePresence, type DifferenceCount } from '../bookkeeping/compare-stage.ts'
import { digestStage } from '../bookkeeping/digests.ts'
import { countOutcomes, countStanding, noOutcomes } from '../store/ledger/ledger.ts'
import type { StagedRecords } from '../store/snapshot/staged-records.ts'
import { dropOperations, rejectDuplicateTargets } from '../store/plans/operations.ts'
import { countOperations, countPlan, groupPlan, type PlanGroup } from '../store/plans/plan-groups.ts'
import { lastPlanned } from '../store/snapshot/standing-failures.ts'
import {
  enterStatus,
  finishRun,
  saveRunGroups,
  saveOverrides,
  saveTargetClock,
  previousFigures,
  type PreviousFigures,
} from '../store/runs/runs.ts'
import { leaseLost } from '../store/snapshot/marks.ts'
import { openStage } from '../bookkeeping/stage.ts'
import { upkeep } from '../store/database/upkeep.ts'
import type { WarehouseSession } from '../connect/warehouse.ts'
import { isFresh, openTarget, openWarehouse, type TargetLink } from './steps/open/open-connections.ts'
import { sendWithCanary } from './delivery/canary.ts'
import { createExchangeKeeper } from './delivery/exchange-keeper.ts'
import { deliver, longestPauseMs, type DeliveryEnd } from './delivery/deliver.ts'
import { endsAs } from './ends-as.ts'
import { immutableSettingsOf, rejectChangedSettings, knowsAllIds } from './steps/open/immutable-settings.ts'
import { guardFault } from './faults/guard-fault.ts'
import type { RunContext } from './run-context.ts'
import { mappingNotices } from './steps/read/mapping-notices.ts'
import { meetOthers } from './steps/open/meet-others.ts'
import { reportReadBack } from './delivery/read-back.ts'
import { openReadBudget, unreadNotice } from './delivery/read-before.ts'
import { needsFinding } from './lookup/addresses.ts'
import { takeOverState } from './steps/open/take-over-state.ts'
import { createFields, mapFields, type MappingPlan } from './steps/read/map-fields.ts'
import { namesColumn } from './steps/read/group-column.ts'
import { countPopulation, judgeDifferences, judgeWhole } from './steps/plan/judge-plan.ts'
import type { Planner } from './steps/plan/plan-links.ts'
import { openUnreadPlanner } from './steps/plan/plan-unread.ts'
import { choosePlanner } from './steps/plan/choose-planner.ts'
import { openRowMapper } from './steps/read/row-mapper.ts'
import { planUnlistedHolders } from './steps/plan/plan-unlisted-holders.ts'
import { endOfPreparing, planningCutShort } from './faults/planning-ended.ts'
import { savePassPlan } from './steps/plan/save-plan.ts'
import { readRows } from './steps/read/read-rows.ts'
import { stageRecords } from './steps/read/stage-records.ts'
import { openReadMemory, type ReadMemory } from './lookup/remember-reads.ts'
import { leaveOutUnused, resolveAgain, resolveRowNames } from './steps/read/row-names.ts'
import { leftAlone } from './steps/open/shared-groups.ts'
import { openInvalidRows, repeatedNotices } from './steps/read/keep-invalid-rows.ts'
import { putRestOnHold } from './delivery/put-rest-on-hold.ts'
import { nameDisk } from './faults/database-faults.ts'
import { unlessLeaseLost } from './faults/lost-lease.ts'
import { asEngineFault } from './delivery/send-slice.ts'
import { saveCreatedGroups } from './delivery/save-created-groups.ts'
import { settleAsUnconfirmed } from './delivery/settle-as-unconfirmed.ts'
import { settleKeptLines } from './delivery/settle-kept-lines.ts'
import type { RunReport } from './run-report.ts'
import { startTimeLimit, type TimeLimit } from './steps/open/time-limit.ts'
import { isServerStop } from './jobs/server-stops.ts'
import { verifySynced } from './verify.ts'

/** One pass of one Activation, step by step. Holds what the steps hand to each other, and reports progress. */
export class Pass {
  readonly notices: Notice[] = []
  counts: Counts = noCounts
  link: TargetLink | undefined
  /** Lines of the Plan, including those that ask nothing of the Target. */
  lines = 0
  /** A lookup was made: an upsert that is still planned has no match in the Target's index, so it creates. */
  upsertsCreate = false
  /** Time zone in which the Warehouse evaluates the query, if it reports one. */
  timezone: string | undefined
  /** Digest of the query's result, if the Plan must be exact. */
  readDigest: string | undefined
  /** The Plan, grouped by operation and reason. */
  groups: readonly PlanGroup[] = []
  private violations: readonly Violation[] = []
  /** Guardrail violations that the comparison alone shows. If there are any, the Target is not read. */
  private blockedEarly: readonly Violation[] | undefined
  private differences: readonly DifferenceCount[] | undefined
  private reads: ReadMemory | undefined
  private columns: readonly Column[] = []
  /** Which column goes to which Field, for objects that have Fields. */
  private fieldPlan: MappingPlan | undefined
  /** Figures of earlier Runs, read before this Run saves what it read. */
  private before: PreviousFigures = { lastRead: undefined, synced: 0, wentThrough: false }
  private verified: Verified | undefined
  private status: RunStatus = 'reading'
  /** False once it is known that the Plan has no lines. */
  private hasLines = true
  /** Only delivery marks batches and writes to the Ledger. */
  private hasDelivered = false
  private answered = 0
  private failed = 0
  private readonly startedAt: number
  private readonly deadline: number
  private readonly timeLimit: TimeLimit
  private readonly context: RunContext

  constructor(context: RunContext) {
    this.context = context
    this.startedAt = context.ports.now()
    this.deadline = this.startedAt + context.activation.timeLimitMs
    this.timeLimit = startTimeLimit(context.activation.timeLimitMs)
    this.reportProgress()
  }

  /**
   * Opens both connections in parallel, and checks that the immutable settings did not change. The caller closes the
   * session.
   */
  async open(): Promise<WarehouseSession> {
    const { activation, ports, row, signal, lock } = this.context
    const [warehouse, target] = await Promise.allSettled([
      openWarehouse(activation, ports, this.readSignal),
      openTarget(activation, ports, { activationId: row.id, signal, deadline: this.deadline, lock }),
    ])
    if (target.status === 'fulfilled') this.link = target.value
    if (warehouse.status === 'rejected') throw warehouse.reason
    const { session, columns } = warehouse.value
    this.timezone = session.timezone
    try {
      if (target.status === 'rejected') throw target.reason
      this.columns = columns
      this.fieldPlan = mapFields(activation, columns, target.value)
      if (this.fieldPlan !== undefined)
        this.link = {
          ...target.value,
          resolved: {
            ...target.value.resolved,
            toCreate: this.fieldPlan.toCreate.map(({ name, type }) => `${name} (${type})`),
          },
        }
      await this.takeAim(target.value)
      const account = target.value.account.accountId
      if (this.context.remember)
        this.reads = await openReadMemory(ports.database, { activationId: row.id, account, now: ports.now })
      return session
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** Ends all Warehouse calls. Nothing was sent yet, so the read may stop at once. */
  private get readSignal(): AbortSignal {
    const { signal, ports } = this.context
    return AbortSignal.any([signal, ports.stop, this.timeLimit.signal])
  }

  private async takeAim(link: TargetLink): Promise<void> {
    const { activation, ports, row, remember, lease } = this.context
    const form = immutableSettingsOf(activation, link)
    if (row.immutableSettings !== null)
      rejectChangedSettings(activation, row.immutableSettings, form, link.account.account)
    if (remember && (row.immutableSettings === null || knowsAllIds(row.immutableSettings, form)))
      await saveImmutableSettings(ports.database, row.id, form)
    this.notices.push(...link.resolved.notices)
    if (link.resolved.groups.length > 0) await saveRunGroups(ports.database, lease.runId, link.resolved.groups)
    if (this.fieldPlan !== undefined) this.notices.push(...(await mappingNotices(this.context, this.fieldPlan)))
  }

  /**
   * Steps 1 to 5: read, map, stage; compare the sealed Stage with the Snapshot; look up the Target; plan. `approve`
   * throws if the Plan must not run.
   */
  async readAndPlan(session: WarehouseSession, approve: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { activation, ports, lease, remember } = this.context
    const desired = namesColumn(activation, this.columns)
    const mapper = openRowMapper(activation, desired, this.fieldPlan?.mapping)
    const stage = await openStage(ports.database, lease.runId, mapper.shape)
    try {
      const invalidRows = openInvalidRows(ports.database, lease.runId, remember)
      const rows = await readRows({
        session,
        query: activation.query,
        stage,
        signal: this.readSignal,
        mapper,
        onInvalid: (found) => invalidRows.add(found),
        onPage: (read, invalid) => {
          this.counts = { ...this.counts, read, invalid }
          this.reportProgress()
        },
      })
      if (this.context.exact)
        this.readDigest = `${rows.read}:${rows.invalid}:${await digestStage(ports.database, stage.table)}`
      await this.enter('comparing')
      const resolved =
        desired === undefined
          ? this.known
          : await resolveRowNames(this.context, this.known, [...mapper.names().values()])
      if (desired !== undefined) this.notices.push(...resolved.resolved.notices)
      const link = (this.link = await this.meetOthers(resolved, desired && [...mapper.names().values()]))
      const staged = await stageRecords(this.context, link, stage.table, desired && mapper.names())
      let figures: Promise<PreviousFigures> | undefined
      const before = () => (figures ??= previousFigures(ports.database, lease.activationId, lease.runId))
      this.notices.push(...(await takeOverState(this.context, link, stage.table)))
      if (activation.drift === 'repair') await this.findDrift(link)
      let planner = this.choosePlanner(link, staged, () =>
        before().then(({ synced }) => Math.max(1, rows.read - synced)),
      )
      const removesWhatLeft = activation.behavior.plan.removed !== null
      const last = await lastPlanned(ports.database, lease.activationId)
      const found = await compareStage(
        ports.database,
        {
          activationId: lease.activationId,
          staged,
          removesWhatLeft,
          looksAtReturned: activation.object.group !== undefined,
          duplicates: activation.duplicates ?? 'refuse',
          onHoldSince: last?.run,
        },
        {
          whenAllNew: planner.planAllNew && ((client) => planner.planAllNew?.(client) ?? Promise.resolve(false)),
          onCounted: async (differences, { duplicateRows }) => {
            this.differences = differences
            if (!remember || this.context.exact === true) return
            const violations = judgeDifferences(
              activation,
              differences,
              { ...(await before()), read: rows.read, invalid: rows.invalid + duplicateRows },
              await leftAlone(this.context, link, staged),
            )
            if (violations.every(({ rule }) => this.context.allow.includes(rule))) return
            this.blockedEarly = violations
            planner = openUnreadPlanner(this.context, link, staged)
          },
          onPage: (page) => planner.plan(page),
        },
      )
      await planner.finish()
      this.notices.push(...repeatedNotices(found))
      await invalidRows.addDuplicates(found, activation)
      await invalidRows.finish()
      const looks = this.blockedEarly === undefined
      if (looks && removesWhatLeft && activation.object.group !== undefined && activation.ownership === 'enforce') {
        planner.tally.lines += await planUnlistedHolders(this.context, link, { staged, lines: planner.tally.lines })
      }
      if (looks && needsFinding(activation) && activation.matches !== 'all')
        await rejectDuplicateTargets(ports.database, { ...lease, stage: stage.table, lines: planner.tally.lines })
      if (desired !== undefined && looks)
        this.link = await leaveOutUnused(this.context, link, [...mapper.names().values()])
      const { added, changed, lines } = planner.tally
      if (!found.isQuiet || lines > 0) this.before = await before()
      this.hasLines = lines > 0
      this.groups = this.hasLines ? await groupPlan(ports.database, lease.runId) : []
      this.lines = lines
      this.counts = {
        ...this.counts,
        read: rows.read,
        invalid: rows.invalid + found.duplicateRows,
        added,
        changed,
        removed: found.removed,
        unchanged: found.records - added - changed,
        planned: countPlan(this.groups).writes,
      }
      this.violations = remember ? await this.judge() : []
      // A blocked Run must not save which rows are present: a removed row may be back in the next Run. If nothing
      // changed, there is nothing to save.
      await approve()
      if (remember && !found.isQuiet)
        await savePresence(ports.database, lease.activationId, staged, activation.object.group !== undefined)
    } finally {
      await stage.drop()
    }
  }

  /** Waits until no other Activation writes to the same groups. `names`: the groups that rows name. */
  async meetOthers(link: TargetLink, names?: readonly string[]): Promise<TargetLink> {
    const { hasWaited, notices } = await meetOthers(
      this.context,
      link,
      Object.keys(this.fieldPlan?.words ?? {}),
      () => this.context.ports.now() >= this.deadline,
    )
    this.notices.push(...notices)
    return link.resolved.toCreate.length > 0 && (hasWaited || !isFresh(link, this.context.ports.now()))
      ? await resolveAgain(this.context, link, names)
      : link
  }

  private choosePlanner(link: TargetLink, staged: StagedRecords, expected: () => Promise<number>): Planner {
    const onlyIfEmpty = this.fieldPlan?.mapping.onlyIfEmpty ?? new Set<string>()
    const object = this.reads?.remembering(this.context.activation.object) ?? this.context.activation.object
    const planning = { ...this.context, activation: { ...this.context.activation, object } }
    const { planner, upsertsItself } = choosePlanner(
      planning,
      { ...link, listing: object.listing },
      { staged, onlyIfEmpty, expected, reportProgress: (each) => this.notices.push(each) },
    )
    this.upsertsCreate = !upsertsItself
    return planner
  }

  /**
   * Finds links and values that changed in the Target and must be repaired. They become unconfirmed, so this Run plans,
   * reads and sends them like other unconfirmed Records.
   */
  private async findDrift(link: TargetLink): Promise<void> {
    const {
      activation,
      ports,
      lease: { activationId },
    } = this.context
    const { due } = await verifySynced(
      { activation, activationId, ports, link, reportProgress: (each) => this.notices.push(each) },
      { repair: true, evenRecent: false },
    )
    if (due > 0)
      this.notices.push(
        notice(
          'drift-repaired',
          `${due === 1 ? '1 record does' : `${due} records do`} not hold what was written. The Run repairs this, because of drift: repair.`,
          { records: due },
        ),
      )
  }

  private get known(): TargetLink {
    if (this.link === undefined) throw new Error('planning without a Target')
    return this.link
  }

  /** Guardrail violations of the Plan, by the Activation's limits. */
  async judge(): Promise<readonly Violation[]> {
    const {
      groups,
      differences,
      counts: { read, invalid },
    } = this
    return (
      this.blockedEarly ??
      (await judgeWhole(this.context.activation, {
        groups,
        differences,
        around: { ...this.before, read, invalid },
        population: () => countPopulation(this.context.activation, this.link),
      }))
    )
  }

  /** Saves what is planned, and its guardrail violations. */
  async savePlan(): Promise<void> {
    if (this.link === undefined) throw new Error('a plan without a Target')
    await savePassPlan(
      this.context,
      this.link,
      this.groups,
      this.violations.map(({ rule, words }) => ({ rule, words, overridden: this.context.allow.includes(rule) })),
    )
  }

  /** Blocks the Run if its Plan violates a guardrail that is not overridden. Saves the overrides that were used. */
  async guard(): Promise<void> {
    const {
      context: { ports, lease, allow },
      violations,
    } = this
    const standing = violations.filter(({ rule }) => !allow.includes(rule))
    if (standing.length > 0) throw guardFault(standing)
    const creates = (this.link?.resolved.toCreate.length ?? 0) > 0 && allow.includes('create')
    const used = [...violations.map(({ rule }) => rule), ...(creates ? ['create'] : [])]
    if (used.length > 0) await saveOverrides(ports.database, lease.runId, used)
    this.notices.push(
      ...violations.map(({ rule, words }) =>
        notice('guard-overridden', `Overridden by --allow ${rule}: ${words}`, { rule }),
      ),
    )
  }

  /**
   * Steps 6 and 7: mark, send and settle, batch by batch. Missing groups and Fields are created first, if there is
   * anything to write.
   */
  async deliver(): Promise<DeliveryEnd> {
    this.hasDelivered = true
    const end = unlessLeaseLost(
      this.context.signal,
      await this.sendAll().catch((error: unknown): DeliveryEnd => ({ how: 'fault', fault: asEngineFault(error) })),
    )
    if (end.how === 'done') await this.readBack()
    else await putRestOnHold(this.context, end)
    return end
  }

  /** Reads back what was delivered, if the Activation asks for it. */
  private async readBack(): Promise<void> {
    const { verify = 'none' } = this.context.activation
    if (verify === 'none' || this.link === undefined || this.counts.planned === 0) return
    const { verified, notices } = await reportReadBack(this.context, this.link, verify)
    this.verified = verified
    this.notices.push(...notices)
  }

  private async sendAll(): Promise<DeliveryEnd> {
    const { activation, ports, lease } = this.context
    const link = this.link
    if (link === undefined) throw new Error('delivering without a Target')
    if (ports.stop.aborted) return { how: 'cancelled' }
    await this.enter('delivering')
    await this.reads?.forget()
    if (this.counts.planned === 0) {
      await settleKeptLines(this.context, this)
      return { how: 'done' }
    }
    const resolved = await this.prepare(link).catch((error: unknown): DeliveryEnd =>
      endOfPreparing(asEngineFault(error)),
    )
    if ('how' in resolved) return resolved
    this.notices.push(...(await saveCreatedGroups(this.context, link, resolved)))
    await saveTargetClock(ports.database, lease.runId, link.clock.now())
    await settleKeptLines(this.context, this)
    link.client.expect(
      activation.object.countCalls(resolved.ready, activation.behavior.plan.added ?? 'attach', this.counts.planned),
    )
    const exchanges = createExchangeKeeper(link.client)
    const reads = openReadBudget(activation.behavior.plan.removed !== null)
    const end = await sendWithCanary(
      this.context,
      link,
      this.lines,
      async (stretch) =>
        await deliver({
          database: ports.database,
          lease,
          client: link.client,
          addressee: {
            io: link.io,
            object: activation.object,
            resolved,
            identifierField: activation.identifier.field,
            onlyIfEmpty: this.fieldPlan?.mapping.onlyIfEmpty ?? new Set(),
          },
          exchanges,
          reads,
          stop: ports.stop,
          deadline: this.deadline,
          now: ports.now,
          stretch,
          failureLimit: this.context.allow.includes('failures') ? 'off' : activation.limits.failures,
          onAnswers: (answers, failed) => {
            this.answered = answers
            this.failed = failed
            this.reportProgress()
          },
        }),
    )
    this.notices.push(...unreadNotice(reads))
    return end
  }

  /**
   * Decides how a Fault before the first write ends the Run. If the Run is deferred, keeps what was read for the next
   * Run.
   */
  async cutShort(fault: Fault): Promise<DeliveryEnd | undefined> {
    const end = planningCutShort({
      fault,
      hasBegun: this.link !== undefined,
      isOverTime: this.context.ports.now() >= this.deadline - longestPauseMs,
    })
    if (end !== undefined) await this.reads?.keep()
    return end
  }

  /** Step 8: the counts come from the Ledger, not from this process. */
  async report(end: DeliveryEnd | undefined, endedBy: Fault | undefined): Promise<RunReport> {
    const { activation, ports, row, lease } = this.context
    // Recovery looks only at open Runs, so no batch may stay marked when this one ends. If that fails, the Run stays open.
    if (this.hasDelivered)
      await settleAsUnconfirmed(ports.database, lease).catch((error: unknown) => {
        if (!Fault.is(error) || error.code !== 'lease-lost') throw error
      })
    let fault = endedBy && (await nameDisk(ports.database, endedBy))
    const { groups, ...outcomes } = this.hasDelivered ? await countOutcomes(ports.database, lease.runId) : noOutcomes
    this.counts = {
      ...this.counts,
      delivered: outcomes.delivered,
      alreadyInPlace: outcomes['in-place'],
      leftAlone: outcomes.leftAlone,
      rejected: outcomes.rejected,
      onHold: outcomes['on-hold'],
      unconfirmed: outcomes.unconfirmed,
    }
    this.status = endsAs(this.counts, this.verified ?? noneVerified, end, fault)
    if (this.status === 'cancelled' && isServerStop(ports.stop)) {
      this.status = 'deferred'
      this.notices.push(
        notice(
          'server-stopped',
          'The server was stopped. Another Run continues where this Run ended, as soon as a server is up.',
        ),
      )
    }
    const requests = { read: this.link?.client.counts.read ?? 0, write: this.link?.client.counts.write ?? 0 }
    const standing = await finishRun(ports.database, lease, {
      status: this.status,
      counts: this.counts,
      outcomes: groups,
      requests,
      notices: this.notices,
      fault,
    })
    if (standing === undefined) [this.status, fault] = ['interrupted', leaseLost()]
    if (this.hasLines) await dropOperations(ports.database, lease.runId)
    await upkeep(ports.database, this.counts.planned)
    this.reportProgress()
    return {
      run: lease.runId,
      activation: activation.name,
      status: this.status,
      counts: this.counts,
      requests,
      durationMs: Math.round(ports.now() - this.startedAt),
      notices: this.notices,
      standing: standing ?? (await countStanding(ports.database, row.id)),
      fault,
      ...(this.verified && { verified: this.verified }),
    }
  }

  /**
   * Creates what is missing. After a long read it resolves the groups again, because some calls address tags by their
   * current name.
   */
  private async prepare(link: TargetLink): Promise<TargetLink['resolved']> {
    const { activation, ports } = this.context
    if (this.fieldPlan !== undefined)
      this.notices.push(...(await createFields(activation, link, this.fieldPlan.toCreate)))
    return link.resolved.toCreate.length === 0 && isFresh(link, ports.now())
      ? link.resolved
      : await activation.object.prepare(link.io, link.resolved.ready)
  }

  async close(): Promise<void> {
    this.timeLimit.clear()
    await this.link?.client.close()
  }

  private async enter(status: RunStatus): Promise<void> {
    this.status = status
    await enterStatus(this.context.ports.database, this.context.lease.runId, status)
    this.reportProgress()
  }

  private reportProgress(): void {
    this.context.ports.progress({
      run: this.context.lease.runId,
      activation: this.context.activation.name,
      status: this.status,
      read: this.counts.read,
      invalid: this.counts.invalid,
      planned: Math.max(this.counts.planned, countOperations(this.groups)),
      answered: this.answered,
      failed: this.failed,
      pending: this.link?.client.pending ?? 0,
      rate: this.link?.client.rate,
    })
  }
}
