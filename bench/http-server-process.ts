/**
 * Answers every request with the same tag and with rate headers far from the limit, as fast as node:http can. Prints
 * its URL as JSON.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const reply = JSON.stringify({ type: 'tag', id: '123', name: 'Premium Customers' })
let seen = 0
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const reset = Math.floor(Date.now() / 10_000) * 10 + 10
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-request-id': `r${(seen += 1)}`,
      'x-ratelimit-limit': '1000000',
      'x-ratelimit-remaining': '900000',
      'x-ratelimit-reset': String(reset),
      'content-length': reply.length,
    })
    response.end(reply)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
process.on('disconnect', () => process.exit())
