import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { contactId, type RequestCounters, type WindowCount } from '../src/targets/intercom/emulator/index.ts'
import { openEmbeddedServer } from '../src/embedded-postgres/embedded-server.ts'
import { serve } from './spawn.ts'
import { fillTable } from './stage.ts'
import { tableLines, whole } from './table.ts'

const names = ['gold', 'silver', 'bronze'] as const
const sampleMs = 500

export interface WindowUse {
  readonly limit: number
  readonly latencyMs: number
  readonly rejected: number
  /** Number of requests in each 10-second window. */
  readonly windows: readonly number[]
  /** The windows without the first two and the last, in which all three Runs had work throughout. */
  readonly warm: readonly number[]
  /** Share of half seconds in the warm windows with at least one request. */
  readonly busy: number
}

interface Seen extends RequestCounters {
  readonly windows: readonly WindowCount[]
}

/** Runs three `tailrace run` processes at once on one account, for about 80 seconds. */
export async function benchWindowUse({
  limit,
  latencyMs,
}: {
  readonly limit: number
  readonly latencyMs: number
}): Promise<WindowUse> {
  const dir = await mkdtemp(join(tmpdir(), 'tailrace-window-'))
  const warehouse = await openEmbeddedServer({ home: join(dir, 'warehouse') })
  const rows = Math.ceil((limit * 8) / names.length)
  const emulator = await serve<{ url: string; token: string }>('emulator-process.ts', [
    JSON.stringify({ tags: names, contacts: rows, limit, latencyMs }),
  ])
  try {
    await fillTable(warehouse.url, 'contacts', contactId(1).slice(0, -10), rows)
    await writeFile(join(dir, 'tailrace.yaml'), configText(warehouse.url, emulator.hello))
    const look = async (): Promise<Seen> =>
      (await (await fetch(`${emulator.hello.url}/_emulator/requests`)).json()) as Seen
    let running = true
    const runs = Promise.all(names.map((name) => tailrace(dir, ['run', name, '--json']))).finally(
      () => (running = false),
    )
    const samples: { readonly at: number; readonly total: number }[] = []
    while (running) {
      samples.push({ at: Date.now(), total: (await look()).total })
      await Promise.race([delay(sampleMs), runs])
    }
    await runs
    return useOf(limit, latencyMs, await look(), samples)
  } finally {
    await emulator.close()
    await warehouse.release()
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

function useOf(
  limit: number,
  latencyMs: number,
  seen: Seen,
  samples: readonly { readonly at: number; readonly total: number }[],
): WindowUse {
  const warm = seen.windows.slice(2, -1)
  const from = (warm[0]?.start ?? 0) * 1000
  const until = ((warm.at(-1)?.start ?? 0) + 10) * 1000
  const steps = samples.flatMap(({ at, total }, index) =>
    at - sampleMs >= from && at < until ? [total - (samples[index - 1]?.total ?? 0)] : [],
  )
  return {
    limit,
    latencyMs,
    rejected: seen.rateLimited,
    windows: seen.windows.map(({ requests }) => requests),
    warm: warm.map(({ requests }) => requests),
    busy: steps.filter((step) => step > 0).length / steps.length,
  }
}

/** JSON is valid YAML. All adds are new, so no guardrail blocks the Run. */
function configText(warehouseUrl: string, { url, token }: { readonly url: string; readonly token: string }): string {
  const activation = (name: string): object => ({
    warehouse: 'shop',
    query: 'select id from contacts',
    target: 'support',
    object: 'contact_tag',
    behavior: 'attach',
    tags: [name],
    delivery: 'single',
    identifier: { field: 'id', column: 'id' },
  })
  return JSON.stringify({
    warehouses: { shop: { type: 'postgres', url: warehouseUrl } },
    targets: { support: { type: 'intercom', token, baseUrl: url } },
    activations: Object.fromEntries(names.map((name) => [name, activation(name)])),
  })
}

async function tailrace(cwd: string, args: readonly string[]): Promise<void> {
  const bin = join(import.meta.dirname, '..', 'bin', 'tailrace.mjs')
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`tailrace ${args.join(' ')} ended with ${code}: ${said}`)
}

export function windowUseLines(figures: readonly WindowUse[]): string[] {
  const rows = figures.map(({ limit, latencyMs, rejected, windows, warm, busy }) => {
    const share = warm.reduce((sum, requests) => sum + requests, 0) / (limit * warm.length)
    return [
      `${limit} per 10 s, ${latencyMs} ms`,
      whole(rejected),
      `${(share * 100).toFixed(1)} %`,
      String(Math.min(...warm)),
      `${whole(busy * 100)} %`,
      windows.join(' '),
    ]
  })
  return [
    'Three `tailrace run` at once on one account',
    ...tableLines(
      [
        'limit, latency',
        '429s',
        'of warm windows used',
        'least in one',
        'half seconds in use',
        'requests in each window',
      ],
      rows,
    ),
  ]
}
