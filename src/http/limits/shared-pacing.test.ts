import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { askBudget, mayGoAt, mustAskAt, pace, startPacing, type Queued } from './pacing.ts'
import type { Pacing, ReportedRate } from './pacing-state.ts'
import { emptyLedger, shareRate } from './rate-share.ts'

/** Processes on one account, the vendor, and their shared ledger, in simulated time (milliseconds). */
interface World {
  readonly limit: number
  readonly windowMs: number
  readonly processes: readonly ProcessSeed[]
  readonly concurrency: number
  readonly reserve: number
  /** The vendor's clock and the ledger's clock, minus true time. */
  readonly vendorSkewMs: number
  readonly ledgerSkewMs: number
  readonly headers: 'all' | 'no-reset'
  /** Limit over all apps of the workspace, which the headers do not report. */
  readonly workspaceLimit?: number
  /** Shortest and longest one-way latency: to the vendor, and to the ledger. */
  readonly latencyMs: readonly [number, number]
  readonly ledgerMs: readonly [number, number]
  /** Requests of the customer's other apps per window, evenly spread. */
  readonly others: number
  /** Share of answers that are lost after the request was counted (not at the start), and of those that report nothing. */
  readonly loss: number
  readonly silence: number
  readonly windows: number
  readonly seed: number
}

interface ProcessSeed {
  readonly startsAt: number
  readonly skewMs: number
  /** The process dies at this time and returns no permits. */
  readonly diesAt?: number
  /** Number of calls to make, known from the start. Default: unlimited and unknown. */
  readonly calls?: number
  /** Period in which the process does nothing, not even receive answers. */
  readonly stalls?: readonly [number, number]
  /** Default: the value of `World`. */
  readonly concurrency?: number
}

interface Seen {
  /** Accepted requests per window of the vendor: ours, and all. */
  readonly own: readonly number[]
  readonly all: readonly number[]
  readonly limitedAt: readonly number[]
  readonly asks: number
  /** Time of each process's last answer. */
  readonly doneAt: readonly number[]
  /** Arrival times of requests, from the start of the simulation. */
  readonly arrivals: readonly number[]
}

const start = 1_700_000_003_456

function simulate(world: World): Seen {
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
  const { limit, windowMs } = world
  const end = start + windowMs * world.windows
  let now = start

  const windowOf = (at: number): number => Math.floor((at + world.vendorSkewMs) / windowMs)
  const firstWindow = windowOf(start)
  const own: number[] = Array(world.windows + 1).fill(0)
  const all: number[] = Array(world.windows + 1).fill(0)
  const limitedAt: number[] = []
  const arrivals: number[] = []
  const admit = (mine: boolean): { ok: boolean; reported: ReportedRate } => {
    const index = windowOf(now) - firstWindow
    const ok = (all[index] ?? 0) < Math.min(limit, world.workspaceLimit ?? limit)
    if (ok) {
      all[index] = (all[index] ?? 0) + 1
      if (mine) own[index] = (own[index] ?? 0) + 1
    }
    const reset = world.headers === 'all' ? (windowOf(now) + 1) * windowMs : undefined
    return {
      ok,
      reported: {
        limit,
        remaining: limit - (all[index] ?? 0),
        reset,
        date: Math.floor((now + world.vendorSkewMs) / 1000) * 1000,
      },
    }
  }

  let ledger = emptyLedger
  let asks = 0
  const doneAt: number[] = []

  const startProcess = (
    number: number,
    {
      skewMs,
      diesAt = Infinity,
      calls = Infinity,
      stalls = [Infinity, Infinity],
      concurrency = world.concurrency,
    }: ProcessSeed,
  ): void => {
    const clock = (): number => now + skewMs
    const stalled = (): boolean => now - start >= stalls[0] && now - start < stalls[1]
    const alive = (act: () => void) => (): void => {
      if (now - start >= diesAt) return
      if (stalled()) later(start + stalls[1], alive(act))
      else act()
    }
    let state: Pacing = pace(
      startPacing({
        windowMs,
        assumed: 1,
        concurrency,
        backoff: { baseMs: 250, capMs: 30_000 },
        spreadMs: 50,
      }),
      { type: 'shared', at: clock() },
    )
    let left = calls
    let wakeAt = Infinity
    const queued = (): Queued =>
      now >= end
        ? { waiting: 0, expected: 0 }
        : { waiting: Math.min(left, concurrency * 2), expected: calls === Infinity ? 0 : left }

    const send = (): void => {
      const { epoch } = state
      const sentAt = clock()
      left -= 1
      state = pace(state, { type: 'sent', at: sentAt })
      later(now + within(world.latencyMs), () => {
        const { ok, reported } = admit(true)
        arrivals.push(now - start)
        if (!ok) limitedAt.push(now - start)
        later(
          now + within(world.latencyMs),
          alive(() => {
            const ended = { at: clock(), sentAt, epoch, reported }
            if (!ok) left += 1
            const lost = now - start > windowMs && world.loss > 0 && random() < world.loss
            const silent = state.clock.reset !== undefined && world.silence > 0 && random() < world.silence
            const answered = { ...ended, reported: silent ? undefined : reported }
            state = pace(
              state,
              lost
                ? { type: 'lost', ...ended, counted: true }
                : ok
                  ? { type: 'answered', ...answered }
                  : { type: 'limited', ...answered, retryAfterMs: 0, random: random() },
            )
            doneAt[number] = now - start
            pump()
          }),
        )
      })
    }
    const askLedger = (): void => {
      if (state.lease === undefined) return
      const begun = askBudget(state, state.lease, queued(), clock())
      state = begun.state
      asks += 1
      later(now + within(world.ledgerMs), () => {
        const shared = shareRate(
          ledger,
          { ...begun.askBudget, holder: `p${number}`, reserve: world.reserve },
          now + world.ledgerSkewMs,
        )
        // Stored as JSON, like in the database.
        ledger = JSON.parse(JSON.stringify(shared.ledger)) as typeof ledger
        later(
          now + within(world.ledgerMs),
          alive(() => {
            state = pace(state, { type: 'granted', at: clock(), active: begun.askBudget.active, grant: shared.grant })
            pump()
          }),
        )
      })
    }
    const pump = (): void => {
      while (left > 0 && now < end && mayGoAt(state, clock()) <= clock()) send()
      if (mustAskAt(state, queued()) <= clock()) askLedger()
      const next =
        Math.min(left > 0 && now < end ? mayGoAt(state, clock()) : Infinity, mustAskAt(state, queued())) - skewMs
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
  for (let n = 0; n < world.others * world.windows; n += 1)
    later(start + (n * windowMs) / world.others, () => void admit(false))
  for (let events = 0; agenda.length > 0; events += 1) {
    assert.ok(events < 3_000_000, 'it never comes to rest')
    const next = agenda.shift()
    if (next === undefined) break
    now = next.at
    next.act()
  }
  return { own, all, limitedAt, asks, doneAt, arrivals }
}

const three: readonly ProcessSeed[] = [
  { startsAt: 0, skewMs: 0 },
  { startsAt: 400, skewMs: 70 },
  { startsAt: 2_700, skewMs: -900 },
]
const quiet: World = {
  limit: 167,
  windowMs: 10_000,
  processes: three,
  concurrency: 50,
  reserve: 0,
  vendorSkewMs: 0,
  ledgerSkewMs: 0,
  headers: 'all',
  latencyMs: [10, 50],
  ledgerMs: [1, 4],
  others: 0,
  loss: 0,
  silence: 0,
  windows: 7,
  seed: 1,
}

/** Windows entirely inside the simulation, without the first ones, in which the clocks are still being learned. */
const warm = (counts: readonly number[]): readonly number[] => counts.slice(2, -1)

const skew = fc.integer({ min: -90_000, max: 90_000 })
const anyProcesses = fc.array(fc.record({ startsAt: fc.integer({ min: 0, max: 15_000 }), skewMs: skew }), {
  minLength: 1,
  maxLength: 8,
})
const anyWorld = fc.record({
  limit: fc.integer({ min: 1, max: 300 }),
  concurrency: fc.integer({ min: 1, max: 80 }),
  processes: anyProcesses,
  vendorSkewMs: skew,
  ledgerSkewMs: skew,
  latencyMs: fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 100, max: 1_500 })),
  ledgerMs: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 5, max: 300 })),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

test('any number of processes share an account and no request is ever refused, whatever the clocks, the network and the database', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      assert.deepEqual(simulate({ ...quiet, ...world, windows: 4 }).limitedAt, [])
    }),
    { numRuns: 100 },
  )
})

test('the smallest and the usual limit: three processes, no refusal, and 97 % of each window used', () => {
  for (const limit of [167, 1_667]) {
    const seen = simulate({ ...quiet, limit })
    assert.deepEqual(seen.limitedAt, [])
    for (const count of warm(seen.own)) assert.ok(count >= 0.97 * limit, `${count} of ${limit}`)
  }
})

test('every window that the network can fill is filled', () => {
  fc.assert(
    fc.property(anyWorld, fc.integer({ min: 20, max: 300 }), (world, limit) => {
      const fast: World = {
        ...quiet,
        ...world,
        limit,
        concurrency: 50,
        latencyMs: [5, 100],
        ledgerMs: [1, 20],
        processes: world.processes.slice(0, 4),
      }
      for (const count of warm(simulate(fast).own)) assert.ok(count >= 0.97 * limit, `${count} of ${limit}`)
    }),
    { numRuns: 60 },
  )
})

test('a window is used evenly by processes that know how much they have to do', () => {
  const processes = three.map((process) => ({ ...process, calls: 2_000 }))
  const { arrivals } = simulate({ ...quiet, processes })
  const halfSeconds = new Map<number, number>()
  for (const at of arrivals.filter((each) => each > 20_000 && each < 60_000))
    halfSeconds.set(Math.floor(at / 500), (halfSeconds.get(Math.floor(at / 500)) ?? 0) + 1)
  assert.ok(Math.max(...halfSeconds.values()) <= 40, `${[...halfSeconds.values()]}`)
  assert.ok(halfSeconds.size >= 65, `${halfSeconds.size} of 80 half seconds are used`)
})

test('work that fits into the window is not slowed down', () => {
  const seen = simulate({ ...quiet, processes: [{ startsAt: 0, skewMs: 0, calls: 100 }] })
  assert.ok((seen.doneAt[0] ?? Infinity) < 500, `${seen.doneAt}`)
})

test('a process that dies takes its permits of one window with it, and no more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5_000, max: 35_000 }), fc.integer({ min: 1, max: 1_000 }), (diesAt, seed) => {
      const [first, second] = three as readonly [ProcessSeed, ProcessSeed]
      const seen = simulate({ ...quiet, processes: [first, { ...second, diesAt }], windows: 8, seed })
      assert.deepEqual(seen.limitedAt, [])
      const counts = warm(seen.own)
      const short = counts.filter((count) => count < 0.97 * 167)
      assert.ok(short.length <= 1 && short.every((count) => count >= 0.6 * 167), `${counts}`)
    }),
    { numRuns: 40 },
  )
})

test('a process that stalls, and is taken for dead, sends nothing on its old permits', () => {
  // A window ends at 26,544. By then the other processes have used the permits of the stalled one.
  fc.assert(
    fc.property(
      fc.integer({ min: 16_800, max: 19_000 }),
      fc.integer({ min: 25_800, max: 26_500 }),
      fc.integer({ min: 1, max: 1_000 }),
      (from, until, seed) => {
        const slow: ProcessSeed = { startsAt: 0, skewMs: 0, concurrency: 5, stalls: [from, until] }
        assert.deepEqual(
          simulate({ ...quiet, limit: 500, processes: [...three, slow], windows: 4, seed }).limitedAt,
          [],
        )
      },
    ),
    { numRuns: 40 },
  )
})

test("the share of the customer's other apps is left to them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1_000 }), (tenths, seed) => {
      const seen = simulate({ ...quiet, reserve: tenths / 10, seed })
      const mine = 167 * (1 - tenths / 10)
      assert.deepEqual(seen.limitedAt, [])
      for (const count of warm(seen.own))
        assert.ok(count <= mine && count >= 0.94 * Math.floor(mine), `${count} of ${mine}`)
    }),
    { numRuns: 30 },
  )
})

test("the share of the customer's other apps is left to them, whatever processes stall, die or hear nothing", () => {
  const anyTrouble = fc.record({
    stalls: fc
      .tuple(fc.integer({ min: 0, max: 35_000 }), fc.constantFrom(0, 4_000, 7_000, 15_000))
      .map(([from, lasts]): [number, number] => [from, from + lasts]),
    diesAt: fc.constantFrom(Infinity, 14_000, 28_000),
  })
  fc.assert(
    fc.property(
      anyWorld,
      fc.array(anyTrouble, { minLength: 8, maxLength: 8 }),
      fc.integer({ min: 0, max: 9 }),
      fc.record({
        loss: fc.constantFrom(0, 0.2),
        silence: fc.constantFrom(0, 0.2),
        ledgerMs: fc.constantFrom<World['ledgerMs']>([1, 20], [1, 300], [100, 2_500]),
      }),
      (world, troubles, tenths, failing) => {
        const processes = world.processes.map((process, at) => ({ ...process, ...troubles[at] }))
        const reserve = tenths / 10
        const seen = simulate({
          ...quiet,
          ...world,
          processes,
          reserve,
          latencyMs: [5, 100],
          ...failing,
        })
        const mine = Math.max(1, Math.floor(world.limit * (1 - reserve)))
        assert.deepEqual(seen.limitedAt, [])
        for (const count of seen.own) assert.ok(count <= mine, `${seen.own} of ${mine}`)
      },
    ),
    { numRuns: 100 },
  )
})

test('what other apps call is seen and made room for: together the window is used, with few refusals', () => {
  for (const others of [20, 80, 160]) {
    const seen = simulate({ ...quiet, others })
    for (const count of warm(seen.all)) assert.ok(count >= 0.97 * 167, `${others}: ${count} of 167`)
    assert.ok(seen.limitedAt.length <= 7 * 8, `${others}: ${seen.limitedAt.length} refused`)
  }
})

test("refused while the headers show room, which is the workspace's own limit: all back off, and go on in each window", () => {
  const seen = simulate({ ...quiet, workspaceLimit: 100, windows: 12 })
  for (const count of warm(seen.own)) assert.ok(count >= 95, `${count} of 100`)
  // Without back-off, every permit left by the app's own limit would give another 429.
  assert.ok(seen.limitedAt.length <= 13 * 60, `${seen.limitedAt.length}`)
})

test('a vendor that does not name its windows is shared by equal parts of one by our clock', () => {
  const seen = simulate({ ...quiet, headers: 'no-reset', windows: 12 })
  assert.deepEqual(seen.limitedAt, [])
  for (const count of warm(seen.own)) assert.ok(count >= 0.9 * 167, `${count} of 167`)
})

test('the ledger is asked a few times a second by each process, at any limit', () => {
  for (const limit of [167, 1_667, 1_000_000]) {
    const { asks } = simulate({ ...quiet, limit, windows: 3, latencyMs: [1, 5] })
    assert.ok(asks <= 5 * 30 * 3, `${limit}: ${asks / 30} a second`)
  }
})

test('when all work is done the ledger is told so, and then left in peace', () => {
  const { asks } = simulate({ ...quiet, processes: [{ startsAt: 0, skewMs: 0, calls: 10 }], windows: 50 })
  assert.ok(asks < 12, `${asks}`)
})
