/**
 * Requests per second of the engine's client against a bare undici loop: one core each for client and server, 0 ms latency,
 * 50 connections, POST with a JSON body, JSON answer parsed. Prints both and their ratio.
 *
 *   node bench/http-client.ts [calls] [rounds]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import { createHttpClient } from '../src/engine/http-client.ts'

const serverSource = `
const { createServer } = require('node:http')
const reply = JSON.stringify({ type: 'tag', id: '123', name: 'Premium Customers' })
let seen = 0
createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const reset = Math.floor(Date.now() / 10000) * 10 + 10
    response.writeHead(200, {
      'content-type': 'application/json', 'x-request-id': 'r' + ++seen, 'x-ratelimit-limit': '1000000',
      'x-ratelimit-remaining': '900000', 'x-ratelimit-reset': String(reset), 'content-length': reply.length,
    })
    response.end(reply)
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
`
const concurrency = 50
const calls = Number(process.argv[2] ?? 20_000)
const rounds = Number(process.argv[3] ?? 5)
const body = { id: '63a07ddf05a32042dffac965' }

async function drain(one: () => Promise<unknown>): Promise<{ rate: number; cpu: number }> {
  let left = calls
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one()
  }
  const cpu = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - start) / 1000
  const used = process.cpuUsage(cpu)
  return { rate: calls / seconds, cpu: ((used.user + used.system) / 1e6 / calls) * 10_000 }
}

const server = spawn(process.execPath, ['-e', serverSource], { stdio: ['ignore', 'pipe', 'inherit'] })
const [port] = await once(server.stdout, 'data')
const baseUrl = `http://127.0.0.1:${String(port).trim()}`

const bare = new Pool(baseUrl, { connections: concurrency })
const headers = { authorization: 'Bearer token', accept: 'application/json', 'content-type': 'application/json' }
const bareCall = async (): Promise<unknown> => {
  const reply = await bare.request({ method: 'POST', path: '/contacts/1/tags', headers, body: JSON.stringify(body) })
  return JSON.parse(await reply.body.text())
}

const client = createHttpClient({
  policy: {
    baseUrl, auth: { bearer: 'token' }, concurrency, requestIdHeader: 'x-request-id',
    rate: {
      windowMs: 10_000, assumed: 1_000_000,
      limitHeader: 'x-ratelimit-limit', remainingHeader: 'x-ratelimit-remaining', resetHeader: 'x-ratelimit-reset',
    },
  },
  secrets: [], signal: new AbortController().signal, now: Date.now, random: Math.random,
  log: { debug() {}, info() {}, warn() {} },
})
const ourCall = (): Promise<unknown> =>
  client.send({ method: 'POST', path: '/contacts/1/tags', body, effect: 'write', repeatable: true })

const median = (figures: number[]): number => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0
await drain(bareCall)
await drain(ourCall)
const ratios: number[] = []
for (let round = 1; round <= rounds; round += 1) {
  const theirs = await drain(bareCall)
  const ours = await drain(ourCall)
  ratios.push(ours.rate / theirs.rate)
  const show = ({ rate, cpu }: { rate: number; cpu: number }): string => `${rate.toFixed(0)} req/s, ${cpu.toFixed(2)} CPU s per 10,000`
  console.log(`round ${round}: bare undici ${show(theirs)}; our client ${show(ours)}; ratio ${(ours.rate / theirs.rate).toFixed(2)}`)
}
console.log(`median ratio ${median(ratios).toFixed(2)}`)
await client.close()
await bare.close()
server.kill()
