import { Pool } from 'undici'
import { createHttpClient } from '../src/http/http-client.ts'
import { serve } from './spawn.ts'
import { interleave, median } from './statistics.ts'
import { spread, tableLines, whole, type Cells } from './table.ts'
import { windowLimit } from '../src/testing/simulated/window-limit.ts'

const concurrency = 50
const body = { id: '63a07ddf05a32042dffac965' }

interface Round {
  readonly perSecond: number
  readonly cpuSecondsPer10k: number
}

export interface HttpClientFigures {
  readonly calls: number
  readonly bare: readonly Round[]
  readonly client: readonly Round[]
  readonly ratio: number
}

/**
 * Requests per second of the engine's HTTP client, compared with undici's `Pool.request`. One core each for client and
 * server, no latency, POST with a JSON body, JSON reply parsed.
 */
export async function benchHttpClient({
  calls,
  rounds,
}: {
  readonly calls: number
  readonly rounds: number
}): Promise<HttpClientFigures> {
  const server = await serve<{ url: string }>('http-server-process.ts', [])
  const bare = new Pool(server.hello.url, { connections: concurrency })
  const client = clientOf(server.hello.url)
  const bareRound = (): Promise<Round> => drain(calls, () => bareCall(bare))
  const clientRound = (): Promise<Round> =>
    drain(calls, () =>
      client.send({ method: 'POST', path: '/contacts/1/tags', body, effect: 'write', repeatable: true }),
    )
  try {
    await bareRound()
    await clientRound()
    const pairs = await interleave(rounds, bareRound, clientRound)
    return {
      calls,
      bare: pairs.map(([one]) => one),
      client: pairs.map(([, other]) => other),
      ratio: median(pairs.map(([one, other]) => other.perSecond / one.perSecond)),
    }
  } finally {
    await client.close()
    await bare.close()
    await server.close()
  }
}

async function bareCall(pool: Pool): Promise<unknown> {
  const headers = { authorization: 'Bearer token', accept: 'application/json', 'content-type': 'application/json' }
  const reply = await pool.request({ method: 'POST', path: '/contacts/1/tags', headers, body: JSON.stringify(body) })
  return JSON.parse(await reply.body.text())
}

function clientOf(baseUrl: string): ReturnType<typeof createHttpClient> {
  return createHttpClient({
    policy: {
      baseUrl,
      auth: { bearer: 'token' },
      concurrency,
      requestIdHeader: 'x-request-id',
      limits: [windowLimit(1_000_000)],
    },
    secrets: [],
    signal: new AbortController().signal,
    now: Date.now,
    random: Math.random,
    log: { debug() {}, info() {}, warn() {} },
  })
}

async function drain(calls: number, one: () => Promise<unknown>): Promise<Round> {
  let left = calls
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one()
  }
  const cpu = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - start) / 1000
  const used = process.cpuUsage(cpu)
  return { perSecond: calls / seconds, cpuSecondsPer10k: ((used.user + used.system) / 1e6 / calls) * 10_000 }
}

export function httpClientLines({ bare, client, ratio }: HttpClientFigures): string[] {
  return [
    `The HTTP client alone, ${concurrency} calls in flight, 0 ms`,
    ...tableLines(
      ['', 'requests/s', 'of undici', 'CPU s per 10,000'],
      [row('undici Pool.request', bare, undefined), row("Tailrace's client", client, ratio)],
    ),
  ]
}

function row(name: string, rounds: readonly Round[], ratio: number | undefined): Cells {
  const rates = rounds.map(({ perSecond }) => perSecond)
  return [
    name,
    spread(rates, median(rates), whole),
    ratio === undefined ? '' : `${whole(ratio * 100)} %`,
    median(rounds.map(({ cpuSecondsPer10k }) => cpuSecondsPer10k)).toFixed(2),
  ]
}
