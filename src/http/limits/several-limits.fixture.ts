/** Processes that share several limits of one account, the vendor, and the ledgers, in simulated time (milliseconds). */
import assert from 'node:assert/strict'
import type { BudgetRule, HolderLedger } from './budget-asks.ts'
import { slotRule } from './budget-rules.ts'
import type { Discipline, TurnEnd } from './discipline.ts'
import { slotDiscipline } from './slot-discipline.ts'
import type { SlotRules } from './slot-rules.ts'

export interface SimulatedLimit extends SlotRules {
  /** One of this many calls takes its turn in the limit. */
  readonly everyNth: number
  /** Whether replies report what remains. */
  readonly reports: boolean
}

export interface ProcessSeed {
  readonly startsAt: number
  readonly skewMs: number
  /** The process dies at this time and returns nothing. */
  readonly diesAt?: number
  /** Period in which the process does nothing, not even receive answers. */
  readonly stalls?: readonly [from: number, until: number]
}

export interface World {
  readonly limits: readonly SimulatedLimit[]
  readonly processes: readonly ProcessSeed[]
  readonly shared: boolean
  readonly concurrency: number
  /** Shortest and longest one-way latency: to the vendor, and to the ledger. */
  readonly latencyMs: readonly [number, number]
  readonly ledgerMs: readonly [number, number]
  readonly lastsMs: number
  /** Share of answers that are lost after the request was counted. */
  readonly loss: number
  readonly seed: number
}

export interface Seen {
  /** For each limit, the times at which its requests arrived. */
  readonly arrivals: readonly (readonly number[])[]
  readonly asks: number
}

export function simulate(world: World): Seen {
  let seed = world.seed
  const random = (): number => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32
    return seed / 2 ** 32
  }
  const within = ([least, most]: readonly [number, number]): number => Math.round(least + random() * (most - least))
  const agenda: { at: number; act: () => void }[] = []
  const later = (at: number, act: () => void): void => {
    let place = agenda.length
    while (place > 0 && (agenda[place - 1]?.at ?? 0) > at) place -= 1
    agenda.splice(place, 0, { at, act })
  }
  const start = 1_700_000_003_456
  const end = start + world.lastsMs
  let now = start
  let asks = 0
  const arrivals: number[][] = world.limits.map(() => [])

  /** The lane of one process, with the ledger that all processes share. */
  const ledgers = world.limits.map((): unknown => undefined)
  const usedOf = (index: number, { perMs }: SimulatedLimit): number =>
    (arrivals[index] ?? []).filter((at) => at > now - start - perMs).length

  const startProcess = (number: number, { skewMs, diesAt = Infinity, stalls }: ProcessSeed): void => {
    const clock = (): number => now + skewMs
    const alive = (act: () => void) => (): void => {
      if (now - start >= diesAt) return
      if (stalls !== undefined && now - start >= stalls[0] && now - start < stalls[1])
        later(start + stalls[1], alive(act))
      else act()
    }
    const lanes = world.limits.map((limit, index) =>
      laneOf(limit, slotDiscipline(limit, world.concurrency, { baseMs: 250, capMs: 30_000 }), slotRule, {
        isShared: world.shared,
        clock,
        ask(answer) {
          asks += 1
          later(now + within(world.ledgerMs), () => {
            ledgers[index] = answer(ledgers[index], `p${number}`, now)
          })
        },
        answered: (act) => later(now + within(world.ledgerMs) * 2, alive(act)),
        pump: () => pump(),
      }),
    )
    let inFlight = 0
    let calls = 0
    let wakeAt = Infinity
    const nextLanes = () => lanes.filter(({ limit }) => calls % limit.everyNth === 0)
    const goesAt = (): number =>
      inFlight >= world.concurrency
        ? Infinity
        : nextLanes().reduce((latest, lane) => Math.max(latest, lane.goesAt()), clock())

    const send = (): void => {
      const used = nextLanes()
      const sentAt = clock()
      calls += 1
      inFlight += 1
      for (const lane of used) lane.begin()
      const mayLeave = (): boolean => used.every((lane) => lane.mayLeave())
      // The bytes leave a moment later: a process that was frozen meanwhile sends nothing on permits that expired.
      later(
        now + 1,
        alive(() => {
          const ended = (how: TurnEnd['how'], remaining: readonly (number | undefined)[]): void => {
            inFlight -= 1
            for (const lane of used) lane.end(how, sentAt, remaining[lanes.indexOf(lane)])
            pump()
          }
          if (!mayLeave()) return ended('not-sent', [])
          later(now + within(world.latencyMs), () => {
            for (const lane of used) arrivals[lanes.indexOf(lane)]?.push(now - start)
            const remaining = world.limits.map((limit, index) =>
              limit.reports ? Math.max(0, limit.requests - usedOf(index, limit)) : undefined,
            )
            const lost = random() < world.loss
            later(
              now + within(world.latencyMs),
              alive(() => ended(lost ? 'lost' : 'answered', lost ? [] : remaining)),
            )
          })
        }),
      )
    }
    const pump = (): void => {
      while (now < end && goesAt() <= clock()) send()
      for (const lane of lanes) lane.consult(now < end ? world.concurrency : 0)
      const due = Math.min(
        now < end ? goesAt() : Infinity,
        ...lanes.map((lane) => lane.mustAskAt(now < end ? world.concurrency : 0)),
      )
      const next = due - skewMs
      if (next === Infinity || next === wakeAt) return
      wakeAt = Math.max(next, now)
      later(
        wakeAt,
        alive(() => {
          wakeAt = Infinity
          pump()
        }),
      )
    }
    pump()
  }

  for (const [number, process] of world.processes.entries())
    later(start + process.startsAt, () => startProcess(number, process))
  for (let events = 0; agenda.length > 0; events += 1) {
    assert.ok(events < 3_000_000, 'it never comes to rest')
    const next = agenda.shift()
    if (next === undefined) break
    now = next.at
    next.act()
  }
  return { arrivals: arrivals.map((times) => times.toSorted((a, b) => a - b)), asks }
}

interface LanePorts {
  readonly isShared: boolean
  clock(): number
  /** Gives the ledger a function that answers. */
  ask(answer: (ledger: unknown, holder: string, now: number) => unknown): void
  /** Calls back when the answer is here. */
  answered(act: () => void): void
  pump(): void
}

interface SimulatedLane {
  readonly limit: SimulatedLimit
  goesAt(): number
  begin(): void
  end(how: TurnEnd['how'], sentAt: number, remaining: number | undefined): void
  mayLeave(): boolean
  mustAskAt(waiting: number): number
  consult(waiting: number): void
}

function laneOf<State, Ask extends object, Grant, Ledger extends HolderLedger>(
  limit: SimulatedLimit,
  rules: Discipline<State, Ask, Grant>,
  rule: BudgetRule<Ask, Grant, Ledger>,
  ports: LanePorts,
): SimulatedLane {
  let state = rules.start()
  if (ports.isShared) state = rules.shared(state, ports.clock())
  return {
    limit,
    goesAt: () => rules.goesAt(state, ports.clock()),
    begin: () => void (state = rules.sent(state, ports.clock())),
    end(how, sentAt, remaining) {
      const reported =
        remaining === undefined
          ? undefined
          : { limit: limit.requests, remaining, reset: undefined, resetsInMs: undefined, date: undefined }
      state = rules.ended(state, { at: ports.clock(), sentAt, epoch: 0, how, reported, afterMs: 0, random: 0.5 })
    },
    mayLeave: () => ports.clock() < (rules.leaseOf(state, ports.clock())?.goodUntil ?? Infinity),
    mustAskAt: (waiting) => (ports.isShared ? rules.mustAskAt(state, { waiting, expected: 0 }) : Infinity),
    consult(waiting) {
      const at = ports.clock()
      if (!ports.isShared || rules.mustAskAt(state, { waiting, expected: 0 }) > at) return
      const begun = rules.ask(state, { waiting, expected: 0 }, at)
      state = begun.state
      let grant: Grant | undefined
      ports.ask((ledger, holder, now) => {
        const shared = rule.share((ledger as Ledger | undefined) ?? rule.empty, { ...begun.ask, holder }, now)
        grant = shared.grant
        // Stored as JSON, like in the database.
        return JSON.parse(JSON.stringify(shared.ledger)) as unknown
      })
      const take = (): void => {
        if (grant === undefined) return ports.answered(take)
        state = rules.granted(state, grant, begun.active, ports.clock())
        ports.pump()
      }
      ports.answered(take)
    },
  }
}

/** The largest number of arrivals in any period of this length. */
export function mostWithin(times: readonly number[], perMs: number): number {
  let most = 0
  let first = 0
  for (const [index, at] of times.entries()) {
    while (at - (times[first] ?? at) >= perMs) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}
