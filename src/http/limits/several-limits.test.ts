import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mostWithin, simulate, type SimulatedLimit, type World } from './several-limits.fixture.ts'

const burst: SimulatedLimit = {
  kind: 'rolling window',
  requests: 190,
  perMs: 10_000,
  reserve: 0,
  everyNth: 1,
  reports: true,
}
const search: SimulatedLimit = { ...burst, requests: 5, perMs: 1_000, everyNth: 7, reports: false }
const day: SimulatedLimit = { ...burst, kind: 'quota', requests: 100_000, perMs: 86_400_000, reserve: 0.05 }

const quiet: World = {
  limits: [burst],
  processes: [{ startsAt: 0, skewMs: 0 }],
  shared: false,
  concurrency: 20,
  latencyMs: [1, 10],
  ledgerMs: [1, 4],
  lastsMs: 61_000,
  loss: 0,
  seed: 1,
}

const anyLimit = fc.record({
  kind: fc.constantFrom('rolling window' as const, 'quota' as const),
  requests: fc.integer({ min: 1, max: 300 }),
  perMs: fc.constantFrom(1_000, 3_000, 10_000),
  reserve: fc.constantFrom(0, 0.1, 0.5),
  everyNth: fc.integer({ min: 1, max: 5 }),
  reports: fc.boolean(),
})
const anyProcess = fc.record({
  startsAt: fc.integer({ min: 0, max: 15_000 }),
  skewMs: fc.integer({ min: -90_000, max: 90_000 }),
  stalls: fc
    .tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(0, 3_000, 12_000))
    .map(([from, lasts]): [number, number] => [from, from + lasts]),
  diesAt: fc.constantFrom(Infinity, 9_000, 21_000),
})
const anyWorld = fc.record({
  limits: fc.array(anyLimit, { minLength: 1, maxLength: 3 }),
  processes: fc.array(anyProcess, { minLength: 1, maxLength: 5 }),
  concurrency: fc.integer({ min: 1, max: 40 }),
  latencyMs: fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 900 })),
  ledgerMs: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(5, 50, 200, 1_500)),
  loss: fc.constantFrom(0, 0.3),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

function assertKept({ limits }: Pick<World, 'limits'>, arrivals: readonly (readonly number[])[]): void {
  for (const [index, { requests, perMs, reserve }] of limits.entries()) {
    const usable = Math.max(1, Math.floor(requests * (1 - reserve)))
    const most = mostWithin(arrivals[index] ?? [], perMs)
    assert.ok(most <= usable, `${most} of ${usable} within ${perMs} ms`)
  }
}

test('no period of any limit carries more than the limit, whatever several processes do', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const all = { ...quiet, ...world, shared: true, lastsMs: 30_000 }
      assertKept(all, simulate(all).arrivals)
    }),
    { numRuns: 150 },
  )
})

test('nor does a process that shares with nobody exceed one', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const alone = { ...quiet, ...world, processes: quiet.processes, lastsMs: 30_000 }
      assertKept(alone, simulate(alone).arrivals)
    }),
    { numRuns: 150 },
  )
})

/** Share of the limit that was used, between the second and the last full period. */
function used(times: readonly number[], { requests, perMs, reserve }: SimulatedLimit, lastsMs: number): number {
  const periods = Math.floor(lastsMs / perMs) - 1
  const inside = times.filter((at) => at >= perMs && at < perMs * (1 + periods)).length
  return inside / (requests * (1 - reserve) * periods)
}

test('a saturated rolling window is used to 99 %, alone', () => {
  const { arrivals } = simulate(quiet)
  const share = used(arrivals[0] ?? [], burst, quiet.lastsMs)
  assert.ok(share >= 0.99, `${share}`)
})

test('a saturated rolling window is used to 99 % by three processes, with few asks', () => {
  const world: World = {
    ...quiet,
    shared: true,
    processes: [0, 1, 2].map((at) => ({ startsAt: at * 700, skewMs: at * -900 })),
  }
  const { arrivals, asks } = simulate(world)
  assertKept(world, arrivals)
  const share = used(arrivals[0] ?? [], burst, world.lastsMs)
  assert.ok(share >= 0.99, `${share}`)
  assert.ok(asks <= 3 * 61 * 10, `${asks / 61} asks a second`)
})

test('a request takes its turn in every limit: the tightest one holds, and the others are kept', () => {
  const world: World = {
    ...quiet,
    shared: true,
    limits: [burst, { ...search, everyNth: 1 }, day],
    processes: [0, 1].map((at) => ({ startsAt: at * 400, skewMs: 0 })),
    lastsMs: 31_000,
  }
  const { arrivals } = simulate(world)
  assertKept(world, arrivals)
  const share = used(arrivals[1] ?? [], search, world.lastsMs)
  assert.ok(share >= 0.9, `${share} of 5 a second`)
  assert.equal(arrivals[0]?.length, arrivals[1]?.length)
})

test('nothing goes once a quota is used up, and its reserve stays', () => {
  const world: World = {
    ...quiet,
    shared: true,
    limits: [{ ...day, requests: 200, reserve: 0.1 }],
    processes: [0, 1, 2].map((at) => ({ startsAt: at * 400, skewMs: 0 })),
  }
  const { arrivals } = simulate(world)
  assert.equal(arrivals[0]?.length, 180)
})
