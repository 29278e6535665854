import { mkdtemp, rm } from 'node:fs/promises'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { cursorOf } from '../src/api/cursor.ts'
import { openControlDatabase } from '../src/store/database/control-database.ts'
import { findChromium, launchChromium } from '../src/testing/harness/browser.ts'
import { fillServer, type FilledServer, type ServerSize } from './fill-server.ts'
import { median } from './statistics.ts'
import { spread, tableLines, whole } from './table.ts'

export interface ServerFigures {
  readonly size: ServerSize
  /** From the start of the process to its "ready" output: first without a data directory, then with all data. */
  readonly firstReadyMs: readonly number[]
  readonly readyMs: readonly number[]
  readonly calls: readonly CallFigures[]
  /** Times of the Activations page in a browser with an empty cache; undefined where there is no browser. */
  readonly paint: PaintFigures | undefined
  /** Size of what that page loads, as printed by scripts/check-web-size.ts. */
  readonly bundle: string
}

interface PaintFigures {
  readonly firstMs: readonly number[]
  /** Until the first Activation is readable. */
  readonly listedMs: readonly number[]
}

interface CallFigures {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly perSecond: number
}

/** Number of concurrent requests. */
const load = 8
const root = join(import.meta.dirname, '..')

/** Measures `tailrace up` with a very full control database: from start to ready, and each list under load. */
export async function benchServer({
  size,
  rounds,
  requests,
}: {
  readonly size: ServerSize
  readonly rounds: number
  readonly requests: number
}): Promise<ServerFigures> {
  const dir = await mkdtemp(join(tmpdir(), 'tailrace-bench-server-'))
  try {
    const firstReadyMs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await rm(join(dir, '.tailrace'), { recursive: true, force: true })
      firstReadyMs.push(await startAndStop(dir))
    }
    const database = await openControlDatabase({ home: join(dir, '.tailrace') })
    let filled: FilledServer
    try {
      filled = await fillServer(database.pool, size)
    } finally {
      await database.close()
    }
    const readyMs: number[] = []
    for (let round = 0; round < rounds; round += 1) readyMs.push(await startAndStop(dir))
    const server = await start(dir)
    try {
      const calls: CallFigures[] = []
      for (const [name, path] of callsOf(size, filled))
        calls.push({ name, ...(await measureCalls(server.url, path, requests)) })
      return {
        size,
        firstReadyMs,
        readyMs,
        calls,
        paint: await measurePaint(server.url, rounds),
        bundle: bundleWords(),
      }
    } finally {
      await server.stop()
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function callsOf({ runs }: ServerSize, { largeRun, records }: FilledServer): [name: string, path: string][] {
  const at = (list: string, after: number | string): string => `cursor=${cursorOf(list, after)}`
  const ofRun = `/api/runs/${largeRun}/records`
  const some = `record-${String(records / 2).padStart(9, '0')}`
  return [
    ['Activations', '/api/activations'],
    ['Activations, 200 of them', '/api/activations?limit=200'],
    ['Activations by search', '/api/activations?search=77'],
    ['Activations by state', '/api/activations?state=failing'],
    ['one Activation', '/api/activations/large'],
    ['Runs', '/api/runs'],
    ['Runs, the oldest', `/api/runs?${at('runs', 60)}`],
    ['Runs, in the middle', `/api/runs?${at('runs', runs / 2)}`],
    ['Runs of one Activation', '/api/runs?activation=activation-0050'],
    ['Runs by status', '/api/runs?status=failed'],
    ['Runs by a status that none has', '/api/runs?status=blocked'],
    ['one Run', `/api/runs/${largeRun}`],
    ['Records of the large Run', ofRun],
    ['Records, in the middle', `${ofRun}?${at('records', records / 2)}`],
    ['Records, the last', `${ofRun}?${at('records', records - 20)}`],
    ['Records by status', `${ofRun}?status=rejected&${at('records', records / 2)}`],
    ['Records by a status that none has', `${ofRun}?status=on-hold`],
    ['Records by reason', `${ofRun}?code=not-found&${at('records', records / 2)}`],
    ['Records by identifier', `${ofRun}?record=${some}`],
    ['groups of the large Run', `/api/runs/${largeRun}/groups`],
    ['plan of the large Run', `/api/runs/${largeRun}/plan`],
    ['failures that stand', '/api/activations/large/failures'],
    ['failed Records', '/api/activations/large/failed-records'],
    ['failed Records by reason', '/api/activations/large/failed-records?code=not-found'],
    ["a Record's story", `/api/activations/large/record?identifier=${some}`],
    ['drift', '/api/activations/large/drift'],
    ['ownership', '/api/activations/large/ownership'],
    ['series', '/api/activations/activation-0050/series'],
    ['Targets', '/api/targets'],
    ['status', '/api/status'],
  ]
}

async function measureCalls(url: string, path: string, requests: number): Promise<Omit<CallFigures, 'name'>> {
  const pool = new Pool(url, { connections: load })
  const took: number[] = []
  const ask = async (): Promise<void> => {
    const began = performance.now()
    const { statusCode, body } = await pool.request({ method: 'GET', path })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${statusCode} ${path}: ${text}`)
    took.push(performance.now() - began)
  }
  try {
    for (let warm = 0; warm < load; warm += 1) await ask()
    took.length = 0
    const began = performance.now()
    let left = requests
    await Promise.all(
      Array.from({ length: load }, async () => {
        while (left-- > 0) await ask()
      }),
    )
    const seconds = (performance.now() - began) / 1000
    const sorted = took.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
    return { p50: at(0.5), p99: at(0.99), perSecond: took.length / seconds }
  } finally {
    await pool.close()
  }
}

async function measurePaint(url: string, rounds: number): Promise<PaintFigures | undefined> {
  if (findChromium() === undefined) return undefined
  const browser = await launchChromium()
  try {
    const firstMs: number[] = []
    const listedMs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const began = performance.now()
      await page.goto(url)
      await page.getByRole('link', { name: 'activation-0002' }).waitFor()
      listedMs.push(performance.now() - began)
      firstMs.push(await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0].startTime'))
      await context.close()
    }
    return { firstMs, listedMs }
  } finally {
    await browser.close()
  }
}

function bundleWords(): string {
  return (
    spawnSync(process.execPath, [join(root, 'scripts', 'check-web-size.ts')], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .at(-1) ?? ''
  )
}

async function startAndStop(dir: string): Promise<number> {
  const began = performance.now()
  const server = await start(dir)
  const ready = performance.now() - began
  await server.stop()
  return ready
}

async function start(dir: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(root, 'bin', 'tailrace.mjs'), 'up', '--port', '0', '--json'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const url = /"url":"([^"]+)"/.exec(said)?.[1]
    if (url !== undefined) resolve(url)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  void ended.then(() => reject(new Error(`tailrace up ended: ${said}`)))
  return {
    url: await promise,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

export function serverLines({
  size: { activations, runs, records },
  firstReadyMs,
  readyMs,
  calls,
  paint,
  bundle,
}: ServerFigures): string[] {
  const ms = (figure: number): string => figure.toFixed(figure < 10 ? 1 : 0)
  return [
    `tailrace up, with ${whole(activations)} Activations, ${whole(runs)} Runs and a Run of ${whole(records)} Records; ${load} requests at a time`,
    `From start to ready: ${spread(readyMs, median(readyMs), whole)} ms; on a new data directory ${spread(firstReadyMs, median(firstReadyMs), whole)} ms`,
    paint === undefined
      ? 'First paint: not measured, since there is no Chromium here'
      : `First paint of Activations: ${spread(paint.firstMs, median(paint.firstMs), whole)} ms; first Activation listed: ${spread(paint.listedMs, median(paint.listedMs), whole)} ms`,
    bundle,
    ...tableLines(
      ['call', 'p50 ms', 'p99 ms', 'per second'],
      calls.map(({ name, p50, p99, perSecond }) => [name, ms(p50), ms(p99), whole(perSecond)]),
    ),
  ]
}
