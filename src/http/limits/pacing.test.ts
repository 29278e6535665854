import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mayGoAt, pace, startPacing } from './pacing.ts'
import type { Pacing, PacingRules, ReportedRate } from './pacing-state.ts'

const rules = (over: Partial<PacingRules> = {}): PacingRules => ({
  windowMs: 10_000,
  assumed: 100,
  concurrency: 50,
  backoff: { baseMs: 250, capMs: 30_000 },
  spreadMs: 50,
  ...over,
})

/** A vendor with fixed windows behind a network, in simulated time (milliseconds of our clock). */
interface World {
  readonly limit: number
  readonly windowMs: number
  readonly concurrency: number
  /** The vendor's clock minus our clock. */
  readonly skewMs: number
  /** Milliseconds that the vendor's clock gains on ours per second. */
  readonly gain: number
  /** Milliseconds between the second in the reset header and the true end of the window. */
  readonly lateMs: number
  readonly reportsDate: boolean
  readonly headers: 'all' | 'none' | 'no-reset'
  /** Shortest and longest one-way latency. */
  readonly latencyMs: readonly [number, number]
  readonly seed: number
  readonly windows: number
  /** Requests of other clients of the account per window, evenly spread. */
  readonly others: number
  /** Period in which the vendor answers 429 though its window has room. */
  readonly overload?: readonly [number, number]
  /** Share of requests whose answer is lost after the request was counted. */
  readonly loss: number
}

const quiet: World = {
  limit: 100,
  windowMs: 10_000,
  concurrency: 50,
  skewMs: 0,
  gain: 0,
  lateMs: 0,
  reportsDate: true,
  headers: 'all',
  latencyMs: [10, 50],
  seed: 1,
  windows: 6,
  others: 0,
  loss: 0,
}

interface Seen {
  /** Our accepted requests per window of the vendor. */
  readonly own: readonly number[]
  readonly all: readonly number[]
  readonly limitedAt: readonly number[]
  readonly state: Pacing
}

function simulate(world: World): Seen {
  let seed = world.seed
  const random = (): number => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32
    return seed / 2 ** 32
  }
  const agenda: { at: number; act: () => void }[] = []
  const later = (at: number, act: () => void): void => {
    let place = agenda.length
    while (place > 0 && (agenda[place - 1]?.at ?? 0) > at) place -= 1
    agenda.splice(place, 0, { at, act })
  }
  const { limit, windowMs } = world
  const start = 1_700_000_003_456
  const end = start + windowMs * world.windows
  const vendorTime = (at: number): number => at + world.skewMs + ((at - start) / 1000) * world.gain
  const windowOf = (at: number): number => Math.floor((vendorTime(at) - world.lateMs) / windowMs)
  const firstWindow = windowOf(start)
  const own: number[] = Array(world.windows + 1).fill(0)
  const all: number[] = Array(world.windows + 1).fill(0)
  const limitedAt: number[] = []
  const latency = (): number => Math.round(world.latencyMs[0] + random() * (world.latencyMs[1] - world.latencyMs[0]))

  let now = start
  let state = startPacing(rules({ windowMs, concurrency: world.concurrency, assumed: limit }))
  let wakeAt = Infinity

  const admit = (mine: boolean): { ok: boolean; reported: ReportedRate | undefined } => {
    const index = windowOf(now) - firstWindow
    const busy =
      world.overload !== undefined && mine && now - start >= world.overload[0] && now - start < world.overload[1]
    const ok = (all[index] ?? 0) < limit && !busy
    if (ok) {
      all[index] = (all[index] ?? 0) + 1
      if (mine) own[index] = (own[index] ?? 0) + 1
    }
    const reported: ReportedRate | undefined =
      world.headers === 'none'
        ? undefined
        : {
            limit,
            remaining: limit - (all[index] ?? 0),
            reset: world.headers === 'no-reset' ? undefined : (windowOf(now) + 1) * windowMs,
            date: world.reportsDate ? Math.floor(vendorTime(now) / 1000) * 1000 : undefined,
          }
    return { ok, reported }
  }

  const send = (): void => {
    const { epoch } = state
    const sentAt = now
    state = pace(state, { type: 'sent', at: now })
    later(now + latency(), () => {
      const { ok, reported } = admit(true)
      later(now + latency(), () => {
        const ended = { at: now, sentAt, epoch }
        if (!ok) {
          limitedAt.push(now - start)
          state = pace(state, { type: 'limited', ...ended, reported, retryAfterMs: 0, random: random() })
        } else if (random() < world.loss) state = pace(state, { type: 'lost', ...ended, counted: true })
        else state = pace(state, { type: 'answered', ...ended, reported })
        pump()
      })
    })
  }

  const pump = (): void => {
    while (mayGoAt(state, now) <= now && now < end) send()
    const next = mayGoAt(state, now)
    assert.ok(next < Infinity || state.inFlight > 0, 'waits for an answer, but none is due')
    if (next === Infinity || next === wakeAt || now >= end) return
    wakeAt = next
    later(next, () => {
      wakeAt = Infinity
      pump()
    })
  }

  for (let n = 0; n < world.others * world.windows; n += 1)
    later(start + (n * windowMs) / world.others, () => void admit(false))
  later(start, pump)
  while (agenda.length > 0) {
    const next = agenda.shift()
    if (next === undefined) break
    now = next.at
    next.act()
  }
  return { own, all, limitedAt, state }
}

/** Windows entirely inside the simulation, without the first ones, in which the clocks are still being learned. */
const fullWindows = (counts: readonly number[]): readonly number[] => counts.slice(2, -1)

const anyWorld = fc.record({
  limit: fc.integer({ min: 1, max: 300 }),
  concurrency: fc.integer({ min: 1, max: 80 }),
  skewMs: fc.integer({ min: -90_000, max: 90_000 }),
  reportsDate: fc.boolean(),
  latencyMs: fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 100, max: 1_500 })),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

test('alone on an account no request is ever refused, whatever the clocks and the network', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      assert.deepEqual(simulate({ ...quiet, ...world }).limitedAt, [])
    }),
    { numRuns: 150 },
  )
})

test('clocks that drift apart by 100 ppm earn no refusal', () => {
  for (const gain of [-0.1, 0.1]) {
    assert.deepEqual(simulate({ ...quiet, gain, concurrency: 2, latencyMs: [0, 40], windows: 150 }).limitedAt, [])
  }
})

test('every window that the network can fill is filled', () => {
  fc.assert(
    fc.property(anyWorld, fc.integer({ min: 20, max: 300 }), (world, limit) => {
      const fast: World = { ...quiet, ...world, limit, concurrency: 50, latencyMs: [5, 100], reportsDate: true }
      for (const count of fullWindows(simulate(fast).own)) assert.ok(count >= 0.97 * limit, `${count} of ${limit}`)
    }),
    { numRuns: 100 },
  )
})

test('without a date header windows are still filled, since no wait is longer than a window', () => {
  fc.assert(
    fc.property(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: 1, max: 1_000 }), (skewMs, seed) => {
      const counts = fullWindows(simulate({ ...quiet, skewMs, seed, reportsDate: false, windows: 10 }).own)
      const sum = counts.reduce((total, count) => total + count, 0)
      assert.ok(sum >= 0.97 * quiet.limit * (counts.length - 1), `${counts}`)
    }),
    { numRuns: 50 },
  )
})

test('a reset that names too early a time costs a few probes once, then none', () => {
  for (const lateMs of [100, 400, 950]) {
    const seen = simulate({ ...quiet, lateMs, windows: 12 })
    assert.ok(seen.limitedAt.length <= 4, `late by ${lateMs}: ${seen.limitedAt}`)
    if (lateMs === 950) assert.ok(seen.limitedAt.length > 0, 'it could not have known')
    assert.deepEqual(
      seen.limitedAt.filter((at) => at > 2.5 * quiet.windowMs),
      [],
    )
    for (const count of fullWindows(seen.own)) assert.equal(count, quiet.limit)
  }
})

test('other clients of the account may take all they like: we get the rest, refused at most once per place in flight', () => {
  fc.assert(
    fc.property(anyWorld, fc.integer({ min: 0, max: 250 }), (world, others) => {
      const shared: World = { ...quiet, ...world, limit: 200, others, latencyMs: [5, 50], reportsDate: true }
      const seen = simulate(shared)
      assert.ok(seen.limitedAt.length <= (shared.concurrency + 1) * shared.windows, `${seen.limitedAt.length} refused`)
      if (shared.concurrency < 5) return
      for (const count of fullWindows(seen.all)) assert.ok(count >= 0.97 * 200, `${count} of 200 used`)
    }),
    { numRuns: 100 },
  )
})

test('an overloaded vendor is asked ever more rarely, one request at a time, and work goes on when it recovers', () => {
  const seen = simulate({ ...quiet, limit: 10_000, overload: [500, 35_000], windows: 8 })
  const probes = seen.limitedAt.filter((at) => at > 1_000)
  assert.ok(probes.length >= 4 && probes.length <= 12, `${probes}`)
  for (let n = 3; n < probes.length - 1; n += 1) {
    const [a, b, c] = probes.slice(n - 2, n + 1) as [number, number, number]
    assert.ok(c - a > b - a, 'gaps do not shrink to nothing')
  }
  assert.ok((seen.own[7] ?? 0) > 5_000, `${seen.own}`)
  assert.equal(seen.state.allowed, 50)
})

test('a vendor that tells nothing is held to the assumed rate', () => {
  const seen = simulate({ ...quiet, headers: 'none', windows: 10 })
  const total = seen.own.reduce((sum, count) => sum + count, 0)
  assert.ok(total <= 100 * 11 && total >= 100 * 9.5, `${total}`)
})

test('a vendor that tells no reset is followed by what remains', () => {
  const seen = simulate({ ...quiet, headers: 'no-reset', windows: 10 })
  assert.deepEqual(seen.limitedAt, [])
  assert.ok(seen.own.reduce((sum, count) => sum + count, 0) >= 0.95 * 100 * 10)
})

test('lost answers neither stop the pacing nor make it overrun', () => {
  fc.assert(
    fc.property(anyWorld, fc.double({ min: 0, max: 0.7, noNaN: true }), (world, loss) => {
      const seen = simulate({
        ...quiet,
        ...world,
        limit: 60 + world.limit,
        loss,
        latencyMs: [5, 50],
        reportsDate: true,
      })
      assert.deepEqual(seen.limitedAt, [])
      assert.ok(fullWindows(seen.own).every((count) => count > 0))
    }),
    { numRuns: 100 },
  )
})

test('the first request goes alone', () => {
  const first = pace(startPacing(rules()), { type: 'sent', at: 5_000 })
  assert.ok(mayGoAt(startPacing(rules()), 5_000) <= 5_000)
  assert.ok(mayGoAt(first, 5_000) > 5_000)
})

test('retry-after is honoured over everything', () => {
  const sent = pace(startPacing(rules()), { type: 'sent', at: 5_000 })
  const limited = pace(sent, {
    type: 'limited',
    at: 5_100,
    sentAt: 5_000,
    epoch: 0,
    reported: undefined,
    retryAfterMs: 7_000,
    random: 0,
  })
  assert.equal(mayGoAt(limited, 5_100), 12_100)
})
