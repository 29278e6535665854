/**
 * Streams one column with pg-cursor (array rows, raw text, 10,000 per fetch) and counts the rows. Arguments: database
 * URL, query.
 */
import pg from 'pg'
import Cursor from 'pg-cursor'
import { reportMeasured } from './measured.ts'

const [url = '', query = ''] = process.argv.slice(2)
const start = performance.now()
const client = new pg.Client({ connectionString: url })
await client.connect()
const types = { getTypeParser: () => (text: string) => text }
const cursor = client.query(new Cursor<string[]>(query, [], { rowMode: 'array', types }))
let read = 0
for (let rows = await cursor.read(10_000); rows.length > 0; rows = await cursor.read(10_000)) read += rows.length
await client.end()
reportMeasured(performance.now() - start, { read })
