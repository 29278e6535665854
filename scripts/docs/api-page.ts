import { code, fenced, generated, page, table } from './markdown.ts'
import type { ApiDocument } from './openapi-document.ts'

/** docs/api.md: what holds for all operations, and a list of them. */
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
