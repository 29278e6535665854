/**
 * The smallest possible program: reads contact ids with pg-cursor, tags each through an undici Pool, and parses the
 * JSON replies. It keeps no state, ignores rate limits and does not retry. Argument: JSON with url, token, tagId,
 * databaseUrl, query, concurrency.
 */
import pg from 'pg'
import Cursor from 'pg-cursor'
import { Pool } from 'undici'
import { reportMeasured } from './measured.ts'

interface Task {
  readonly url: string
  readonly token: string
  readonly tagId: string
  readonly databaseUrl: string
  readonly query: string
  readonly concurrency: number
}

const { url, token, tagId, databaseUrl, query, concurrency } = JSON.parse(process.argv[2] ?? '{}') as Task
const start = performance.now()

const client = new pg.Client({ connectionString: databaseUrl })
await client.connect()
const cursor = client.query(new Cursor<string[]>(query, [], { rowMode: 'array' }))
const ids: string[] = []
for (let rows = await cursor.read(10_000); rows.length > 0; rows = await cursor.read(10_000))
  for (const [id] of rows) ids.push(id ?? '')
await client.end()

const pool = new Pool(url, { connections: concurrency })
const headers = {
  authorization: `Bearer ${token}`,
  accept: 'application/json',
  'content-type': 'application/json',
  'intercom-version': '2.16',
}
const body = JSON.stringify({ id: tagId })
let next = 0
let tagged = 0
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    while (next < ids.length) {
      const reply = await pool.request({ method: 'POST', path: `/contacts/${ids[next++]}/tags`, headers, body })
      const answer = JSON.parse(await reply.body.text()) as { id?: string }
      if (reply.statusCode === 200 && answer.id === tagId) tagged += 1
    }
  }),
)
await pool.close()
reportMeasured(performance.now() - start, { read: ids.length, tagged })
