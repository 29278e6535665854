import type { Fault } from '../model/fault.ts'
import type { Column } from '../model/row.ts'
import { noCounts, type Counts, type RequestCounts, type RunStatus } from '../model/run.ts'
import { noneVerified, type Verified } from '../model/verified.ts'
import { judgePlan, type Violation } from '../sync/guard.ts'
import { mappingChange } from '../sync/mapping-words.ts'
import { refuseDuplicate } from '../sync/map.ts'
import { freezeActivation } from '../store/activations.ts'
import { compareStage, notePresence } from '../store/compare.ts'
import { digestStage } from '../store/digests.ts'
import { countOutcomes, countStanding, recordRefusals } from '../store/ledger.ts'
import { dropOperations, nameMember, refuseTwins } from '../store/operations.ts'
import { countPlan, groupPlan, type PlanGroup } from '../store/plan-groups.ts'
import { enterStatus, finishRun, nameMembers, noteAllowed, noteMapping, previousFigures, type PreviousFigures } from '../store/runs.ts'
import { holdTheRest, settleKept } from '../store/settle.ts'
import { noteOutcomeGroups } from '../store/outcome-groups.ts'
import { openStage } from '../store/stage.ts'
import { upkeep } from '../store/upkeep.ts'
import type { WarehouseSession } from '../connect/warehouse.ts'
import { openTarget, openWarehouse, type TargetLink } from './connections.ts'
import { sendWithCanary } from './canary.ts'
import { createExchangeKeeper } from './exchange-keeper.ts'
import { deliver, type DeliveryEnd } from './deliver.ts'
import { endsAs } from './ends-as.ts'
import { frozenForm, refuseThaw } from './frozen.ts'
import { guardFault } from './guard-fault.ts'
import type { Held } from './held.ts'
import { openLook, type Look } from './look.ts'
import { readBack } from './read-back.ts'
import { needsFinding } from './addresses.ts'
import { adoptMemory } from './adopt-memory.ts'
import { openFindThings, type FindThings } from './find-things.ts'
import { createFields, mapFields, type FieldPlan } from './map-fields.ts'
import { membersColumn, settingsNaming } from './members-column.ts'
import { openPlanner, pendingMember, type Planner } from './plan-differences.ts'
import { openRecordPlanner } from './plan-records.ts'
import { openRowMapper } from './row-mapper.ts'
import { planStrangers } from './plan-strangers.ts'
import { notePassPlan } from './note-plan.ts'
import { namedRefusals, readRows } from './read-rows.ts'
import { doubtUnsettled } from './doubt-unsettled.ts'
import { unlessLeaseLost } from './lost-lease.ts'
import { asFault } from './send-slice.ts'
import { isServerStop } from './server-stops.ts'
import { verifyHeld } from './verify.ts'

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
  /** What was read back of what it delivered, where that was asked for. */
  readonly verified?: Verified
}

/** What was resolved so lately needs no second look before the first write. */
const freshMs = 5000

/** One pass of one Activation, step by step; holds what the steps hand on to each other, and tells where it stands. */
export class Pass {
  readonly notices: string[] = []
  counts: Counts = noCounts
  link: TargetLink | undefined
  /** Lines of the Plan, those included that ask nothing. */
  lines = 0
  /** Things were looked up: what is still asked as an upsert goes to none that the Target's index shows, so it creates one. */
  upsertsCreate = false
  /** A digest of what the query returned, where the Plan is to be exact. */
  readDigest: string | undefined
  /** The Plan by what its lines ask, and why. */
  groups: readonly PlanGroup[] = []
  private violations: readonly Violation[] = []
  private columns: readonly Column[] = []
  /** What goes to which Field, for objects that have any. */
  private fieldPlan: FieldPlan | undefined
  /** How things stood before this Run noted what it read. */
  private before: PreviousFigures = { lastRead: undefined, held: 0, wentThrough: false }
  private verified: Verified | undefined
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
    const { session, columns } = warehouse.value
    try {
      if (target.status === 'rejected') throw target.reason
      this.columns = columns
      this.fieldPlan = mapFields(activation, columns, target.value)
      if (this.fieldPlan !== undefined) this.link = { ...target.value, resolved: { ...target.value.resolved, toCreate: this.fieldPlan.toCreate.map(({ name, type }) => `${name} (${type})`) } }
      await this.takeAim(target.value)
      return session
    } catch (error) {
      await session.close()
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
    if (this.fieldPlan !== undefined) await this.noteMapping(this.fieldPlan)
  }

  /** Records whose values come from elsewhere than last time count as changed: people are told why. */
  private async noteMapping({ words }: FieldPlan): Promise<void> {
    const { ports, holder: { runId, activationId } } = this.held
    const last = await noteMapping(ports.database, runId, activationId, words)
    const change = last && mappingChange(last.mapping, words)
    if (change !== undefined) this.notices.push(`The mapping changed since Run ${last?.run}: ${change}.`)
  }

  /** Steps 1 to 5: read, map, stage; compare the sealed Stage with the Snapshot; look at the Target; plan. */
  async readAndPlan(session: WarehouseSession): Promise<void> {
    const { activation, ports, holder, remember } = this.held
    const wants = this.membersColumn()
    const mapper = openRowMapper(activation, wants, this.fieldPlan?.mapping)
    const stage = await openStage(ports.database, holder.runId, mapper.shape)
    try {
      const signal = AbortSignal.any([this.held.signal, ports.stop])
      const rows = await readRows({
        session, query: activation.query, stage, signal, mapper,
        onPage: (read, refused) => {
          this.counts = { ...this.counts, read, refused }
          this.tell()
        },
      })
      if (this.held.exact) this.readDigest = `${rows.read}:${rows.refused}:${await digestStage(ports.database, stage.table)}`
      await this.enter('comparing')
      const link = await this.resolveNames(wants === undefined ? undefined : mapper.names())
      let figures: Promise<PreviousFigures> | undefined
      const before = () => figures ??= previousFigures(ports.database, holder.activationId, holder.runId)
      this.notices.push(...await adoptMemory(this.held, link, stage.table))
      if (activation.drift === 'repair') await this.findDrift(link)
      const planner = this.openPlanner(link, () => before().then(({ held }) => Math.max(1, rows.read - held)))
      const removesWhatLeft = activation.behavior.plan.removed !== null
      const request = { activationId: holder.activationId, stage: stage.table, removesWhatLeft, foldsWants: foldsWants(activation) }
      const found = await compareStage(ports.database, request, (page) => planner.plan(page), planner.planAllNew && ((client) => planner.planAllNew?.(client, stage.table) ?? Promise.resolve(false)))
      await planner.finish()
      // Where nothing changed nobody came or left, and there is nothing to judge: two looks at all that is held are saved.
      if (remember && !found.isQuiet) await notePresence(ports.database, holder.activationId, stage.table)
      const named = found.duplicates.slice(0, Math.max(0, namedRefusals - rows.refusals.length))
        .map(({ key, rows: times }) => refuseDuplicate(key, times, identifierColumns(activation)))
      await recordRefusals(ports.database, holder.runId, 1, [...rows.refusals, ...named])
      if (removesWhatLeft && activation.object.members !== undefined && activation.ownership === 'enforce') {
        planner.tally.lines += await planStrangers(this.held, link, { stage: stage.table, lines: planner.tally.lines })
      }
      if (needsFinding(activation) && activation.matches !== 'all') await refuseTwins(ports.database, holder.runId, holder.activationId, stage.table)
      const { added, changed, lines } = planner.tally
      if (!found.isQuiet || lines > 0) this.before = await before()
      this.groups = await groupPlan(ports.database, holder.runId)
      this.lines = lines
      this.counts = {
        ...this.counts, read: rows.read, refused: rows.refused + found.duplicateRows,
        added, changed, removed: found.removed, unchanged: found.records - added - changed, planned: countPlan(this.groups).writes,
      }
    } finally {
      await stage.drop()
    }
  }

  private openPlanner(link: TargetLink, expected: () => Promise<number>): Planner {
    const { activation } = this.held
    let finding: Promise<FindThings> | undefined
    const find = () => finding ??= openFindThings(this.held, link)
    if (activation.object.members === undefined) {
      const { plan: { added, changed, removed } } = activation.behavior
      // What a fall-back names the Target cannot find itself, nor does it tell where two rows name the same thing.
      const upsertsAll = activation.object.upsertsBy?.includes(activation.identifier.field) === true && (activation.fallbacks ?? []).length === 0
      const nativeUpsert = added === 'upsert' && changed === 'upsert' && removed === null && upsertsAll
      const onlyIfEmpty = this.fieldPlan?.mapping.onlyIfEmpty ?? new Set()
      this.upsertsCreate = !nativeUpsert || onlyIfEmpty.size > 0
      return openRecordPlanner(this.held, { find, upsertsItself: !this.upsertsCreate, onlyIfEmpty })
    }
    let look: Promise<Look> | undefined
    return openPlanner(this.held, {
      look: () => look ??= expected().then((records) => openLook(this.held, link, records, (words) => this.notices.push(words))),
      find: needsFinding(activation) ? find : undefined, members: link.resolved.members,
    })
  }

  /** What people took off since, and is to be put back: from here on it is in doubt, so it is planned, read and sent like all else that is. */
  private async findDrift(link: TargetLink): Promise<void> {
    const { activation, ports, holder: { activationId } } = this.held
    const { due } = await verifyHeld({ activation, activationId, ports, link, notice: (words) => this.notices.push(words) }, { repair: true, evenRecent: false })
    if (due > 0) this.notices.push(`${due === 1 ? '1 record is' : `${due} records are`} not as we left them: put right, since drift is to be repaired.`)
  }

  private membersColumn() {
    const wants = membersColumn(this.held.activation)
    const type = this.columns.find(({ name }) => name === wants?.column)?.type
    return wants === undefined ? undefined : { ...wants, isArray: type === 'array' || type === 'json' }
  }

  /** Tags from a column are known by name only once the query was read. */
  private async resolveNames(names: readonly string[] | undefined): Promise<TargetLink> {
    const { activation, ports, holder } = this.held
    if (this.link === undefined) throw new Error('planning without a Target')
    if (names === undefined) return this.link
    const resolved = await activation.object.resolve(this.link.io, activation.target.config, settingsNaming(activation, names))
    this.link = { ...this.link, resolved, resolvedAt: ports.now() }
    this.notices.push(...resolved.notices)
    await nameMembers(ports.database, holder.runId, resolved.members)
    return this.link
  }

  /** What is absurd about the Plan, by the Activation's limits. */
  async judge(): Promise<readonly Violation[]> {
    const { activation } = this.held
    const { adds, updates, removes } = countPlan(this.groups)
    const { added, removed } = activation.behavior.plan
    const removesThings = activation.object.members === undefined
    const byPopulation = (activation.limits.population ?? 'off') !== 'off' || added === 'delete' || added === 'archive'
    const population = byPopulation && adds + updates + removes > 0 ? await this.population() : undefined
    return judgePlan({
      ...this.before, removesWhatLeft: removed !== null, removesThings,
      read: this.counts.read, refused: this.counts.refused, adds, updates, removes, population,
    }, activation.limits)
  }

  private async population(): Promise<number | undefined> {
    const { object } = this.held.activation
    if (this.link === undefined) return undefined
    const { io, resolved: { ready }, survey } = this.link
    return await (object.population?.(io, ready) ?? survey?.population?.(io, ready))
  }

  /** Writes down what is planned, and what is absurd about it. */
  async notePlan(): Promise<void> {
    const { allow } = this.held
    if (this.link === undefined) throw new Error('a plan without a Target')
    this.violations = await this.judge()
    await notePassPlan(this.held, this.link, this.groups, this.violations.map(({ rule, words }) => ({ rule, words, letThrough: allow.includes(rule) })))
  }

  /** Refuses an absurd Plan before its first write. What a person let through is written down. */
  async guard(): Promise<void> {
    const { held: { ports, holder, allow }, violations } = this
    const standing = violations.filter(({ rule }) => !allow.includes(rule))
    if (standing.length > 0) throw guardFault(standing)
    const creates = (this.link?.resolved.toCreate.length ?? 0) > 0 && allow.includes('create')
    const used = [...violations.map(({ rule }) => rule), ...creates ? ['create'] : []]
    if (used.length > 0) await noteAllowed(ports.database, holder.runId, used)
    this.notices.push(...violations.map(({ rule, words }) => `Let through by --allow ${rule}: ${words}`))
  }

  /** Steps 6 and 7: mark, send, settle, batch by batch. What is to be created is created now that something needs it. */
  async deliver(): Promise<DeliveryEnd> {
    const end = unlessLeaseLost(this.held.signal, await this.sendAll().catch((error: unknown): DeliveryEnd => ({ how: 'fault', fault: asFault(error) })))
    if (end.how === 'done') await this.readBack()
    else await this.holdRest(end)
    return end
  }

  /** Proves by direct reads what the answers said, where the Activation asks for it. That it cannot is no failure of what was done. */
  private async readBack(): Promise<void> {
    const { activation: { verify = 'none' } } = this.held
    if (verify === 'none' || this.link === undefined || this.counts.planned === 0) return
    try {
      const { confirmed, pending, missing, lost } = await readBack(this.held, this.link, verify)
      this.verified = { confirmed, pending, missing }
      if (missing > 0) this.notices.push(`${missing} of the records read back do not hold what was written, such as "${lost}". They are in doubt; the next Run settles them.`)
      if (pending > 0) this.notices.push(`${pending} records could not be read back.`)
    } catch (error) {
      this.notices.push(`What was written could not be read back: ${asFault(error).message}`)
    }
  }

  private async sendAll(): Promise<DeliveryEnd> {
    const { activation, ports, row, holder } = this.held
    const link = this.link
    if (link === undefined) throw new Error('delivering without a Target')
    if (ports.stop.aborted) return { how: 'cancelled' }
    await this.enter('delivering')
    if (this.counts.planned === 0) {
      await settleKept(ports.database, holder, activation.ownership === 'adopt')
      return { how: 'done' }
    }
    const { toCreate } = link.resolved
    if (this.fieldPlan !== undefined) this.notices.push(...await createFields(activation, link, this.fieldPlan.toCreate))
    // Even where nothing is to be created, if a long read lies behind us: some calls address tags by the name they have now.
    const isFresh = toCreate.length === 0 && ports.now() - link.resolvedAt < freshMs
    const resolved = isFresh ? link.resolved : await activation.object.prepare(link.io, link.resolved.ready)
    if (activation.object.members !== undefined) this.notices.push(...toCreate.map((name) => `Created the ${activation.object.members?.noun ?? 'member'} "${name}".`))
    await nameMembers(ports.database, holder.runId, resolved.members)
    for (const name of toCreate) {
      const id = resolved.members.find((member) => member.name.toLowerCase() === name.toLowerCase())?.id
      if (id) await nameMember(ports.database, holder.runId, pendingMember(name), id)
    }
    if (toCreate.length > 0) await freezeActivation(ports.database, row.id, frozenForm(activation, { ...link, resolved }))
    if (this.lines > this.counts.planned) await settleKept(ports.database, holder, activation.ownership === 'adopt')
    link.client.expect(activation.object.countCalls(resolved.ready, activation.behavior.plan.added ?? 'add', this.counts.planned))
    const exchanges = createExchangeKeeper(link.client)
    return await sendWithCanary(this.held, link, this.lines, async (stretch) => await deliver({
      database: ports.database, holder, client: link.client,
      addressee: { io: link.io, object: activation.object, resolved, identifierField: activation.identifier.field, onlyIfEmpty: this.fieldPlan?.mapping.onlyIfEmpty ?? new Set() }, exchanges,
      stop: ports.stop, deadline: this.deadline, now: ports.now, stretch,
      failureLimit: this.held.allow.includes('failures') ? 'off' : activation.limits.failures,
      onAnswers: (answers, failed) => {
        this.answered = answers
        this.failed = failed
        this.tell()
      },
    }))
  }

  private async holdRest(end: DeliveryEnd): Promise<void> {
    const words = {
      done: '', cancelled: 'The Run was stopped before this was sent.', 'time-limit': 'The Run reached its time limit before this was sent.',
      trouble: `The Target does not answer: ${'fault' in end ? end.fault.message : ''}`,
      guarded: `A guardrail stopped the Run before this was sent: ${'fault' in end ? end.fault.message : ''}`,
      fault: `The Run failed before this was sent: ${'fault' in end ? end.fault.message : ''}`,
    }[end.how]
    await doubtUnsettled(this.held.ports.database, this.held.holder)
    await holdTheRest(this.held.ports.database, this.held.holder, end.how === 'fault' ? 'run-failed' : end.how, words)
  }

  /** Step 8: the counts come from the Ledger, not from what this process remembers. */
  async report(end: DeliveryEnd | undefined, fault: Fault | undefined): Promise<RunReport> {
    const { activation, ports, row, holder } = this.held
    const { groups, ...outcomes } = await countOutcomes(ports.database, holder.runId)
    await noteOutcomeGroups(ports.database, holder, groups)
    this.counts = {
      ...this.counts, delivered: outcomes.delivered, alreadyInPlace: outcomes.unchanged, leftAlone: outcomes.leftAlone, rejected: outcomes.rejected, onHold: outcomes.deferred, inDoubt: outcomes.uncertain,
    }
    this.status = endsAs(this.counts, this.verified ?? noneVerified, end, fault)
    if (this.status === 'cancelled' && isServerStop(ports.stop)) {
      this.status = 'deferred'
      this.notices.push('The server was stopped. A further Run goes on where this one ended, as soon as a server is up.')
    }
    const requests = { read: this.link?.client.counts.read ?? 0, write: this.link?.client.counts.write ?? 0 }
    await finishRun(ports.database, holder.runId, holder.attempt, { status: this.status, counts: this.counts, requests, notices: this.notices, fault })
    await dropOperations(ports.database, holder.runId)
    await upkeep(ports.database, this.counts.planned)
    this.tell()
    return {
      run: holder.runId, activation: activation.name, status: this.status, counts: this.counts, requests, durationMs: ports.now() - this.startedAt,
      notices: this.notices, standing: await countStanding(ports.database, row.id), fault,
      ...this.verified && { verified: this.verified },
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

function identifierColumns({ identifier, fallbacks = [] }: Held['activation']): string {
  return [identifier, ...fallbacks].map(({ column }) => column).join('" or "')
}

/** Names of tags are compared without regard to case; values of Fields, and ids, are not. */
function foldsWants({ object }: Held['activation']): boolean {
  return object.members !== undefined && object.members.matchCase !== true
}
