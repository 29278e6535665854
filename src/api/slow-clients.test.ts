import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { tryApi } from './api.fixture.ts'
import { openEventStream } from './event-stream.ts'

test('who reads no events is let go, and nothing is kept for them without end', () => {
  let ended = 0
  const events = openEventStream(new AbortController().signal, () => {
    ended += 1
  })
  for (let sent = 0; sent < 20_000 && ended === 0; sent += 1) events.send('changed', { activations: ['a'.repeat(200)] })
  assert.equal(ended, 1)
  assert.ok(events.stream.destroyed)
})

test('a client that never ends its request does not keep the server from closing', { timeout: 20_000 }, async () => {
  const { app } = await tryApi()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const gone = once(socket, 'close')
  socket
    .on('error', () => {
      /* it is cut off */
    })
    .write(
      'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n{',
    )
  await once(socket, 'data')
  await app.close()
  await gone
  assert.ok(app.server.requestTimeout > 0, 'nor is it waited for without end while the server runs')
})
