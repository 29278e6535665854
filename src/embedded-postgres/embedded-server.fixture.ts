/**
 * Uses the embedded server in a process of its own, for tests: `embedded-server.fixture.ts HOME`. Prints one line of
 * JSON when it has the server. The line `release` on stdin makes it release the server; `exit` makes it exit without a
 * release.
 */
import { createInterface } from 'node:readline'
import { openEmbeddedServer } from './embedded-server.ts'

const server = await openEmbeddedServer({ home: process.argv[2] ?? '' })
process.stdout.write(
  JSON.stringify({ url: server.url, pid: server.pid, data: server.data, started: server.started }) + '\n',
)
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'exit') process.exit(0)
  if (line === 'release') break
}
await server.release()
process.stdin.destroy()
