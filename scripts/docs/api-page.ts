import { code, fenced, generated, page, table } from './markdown.ts'
import type { ApiDocument } from './openapi-document.ts'

/** docs/api.md: what applies to all operations, and the list of operations. */
export function apiPage({ paths }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })))
  const byTag = Map.groupBy(operations, ({ tags }) => tags[0] ?? '')
  return page(
    '# The API', generated,
    'Everything that the UI and the command line do to a server goes through its API. [openapi.json](openapi.json) describes all of it (OpenAPI 3.1); a running server answers the same at `/api/openapi.json`.',
    '## Who may ask',
    'A server that listens on this machine alone needs no password: it answers to `localhost` and `127.0.0.1`, and refuses what comes from pages of other sites. One that listens elsewhere has a password (`TAILRACE_PASSWORD`):',
    fenced('sh', 'curl -H "Authorization: Bearer $TAILRACE_PASSWORD" https://tailrace.example/api/activations'),
    'A browser signs in with `POST /api/session` and gets a cookie that no script can read. After a few wrong passwords each further one makes the next wait longer.',
    'It speaks plain HTTP, so what reaches it over a network needs a proxy with TLS before it. The proxy hands on `Host` as it is; `tailrace up --proxy ADDRESS` names it, so that each client waits for its own wrong passwords alone, and the cookie goes over HTTPS alone.',
    '## What may be reached by who is signed in',
    [
      'There is one password, and there are no roles: whoever has it does everything. Beyond reading every saved Warehouse and writing to every saved Target that is:',
      '',
      '- **The network.** The server connects to whatever host a Warehouse, or `baseUrl` of a Target, names, also inside its own network, and tells what went wrong there.',
      '- **Files.** A DuckDB Warehouse opens any DuckDB file that the server can read; one without `path`, or with `files: true`, lets a query read every file that it can, its own `secret-key` too where TAILRACE_SECRET_KEY is not set.',
      '- **Variables.** A Connection may use every environment variable of the server and send it to its host, except `TAILRACE_…`, `DATABASE_URL` and `PGPASSWORD`.',
      '',
      'What was saved as a secret is never shown, and goes to no other host than the one it was saved for. So let the server run as a user of its own, with the files, variables and network that its Connections need, and no more.',
    ].join('\n'),
    '## What holds everywhere',
    [
      '- **Bodies** are JSON, with `content-type: application/json`.',
      '- **Errors** are problem documents (RFC 9457, `application/problem+json`): `code` is one of [errors.md](errors.md), `advice` says what to do, and `errors` lists each mistake with a JSON pointer into what was sent.',
      '- **Lists** come in pages: `limit` (at most 200) and `cursor`, which is `next` of the page before; `null` is the end.',
      '- **What edits** wants `If-Match` with the ETag that was read. Where somebody else was faster, the answer is 412, and `errors` says what they changed.',
      '- **What creates** takes an `Idempotency-Key`: repeated with the same key it answers the same, and is done once. Answers are kept for a day.',
      '- **Secrets** go in and never come out: one that is set reads `{ "secret": "set" }`, which, sent back, keeps it. `${NAME}` stays as it is written, and is read from the server\'s environment where it is used.',
    ].join('\n'),
    '## Operations',
    ...[...byTag].toSorted(([a], [b]) => a < b ? -1 : 1).flatMap(([tag, all]) => [
      `### ${tag}`, table(['', 'Path', 'What it does'], all.map(({ method, path, summary }) => [method, code(path), summary])),
    ]),
  )
}
