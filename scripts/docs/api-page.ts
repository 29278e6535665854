import { code, fenced, generated, page, table } from './markdown.ts'
import type { ApiDocument } from './openapi-document.ts'

/** docs/api.md: what applies to all operations, and the list of operations. */
export function apiPage({ paths }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  )
  const byTag = Map.groupBy(operations, ({ tags }) => tags[0] ?? '')
  return page(
    '# The API',
    generated,
    'The UI and the command line use a server only through its API. [openapi.json](openapi.json) describes the whole API (OpenAPI 3.1); a running server returns the same document at `/api/openapi.json`.',
    '## Access',
    'A server that listens only on this machine needs no password. It accepts requests to `localhost` and `127.0.0.1`, and rejects requests from pages of other sites. A server that listens on other addresses requires a password (`TAILRACE_PASSWORD`):',
    fenced('sh', 'curl -H "Authorization: Bearer $TAILRACE_PASSWORD" https://tailrace.example/api/activations'),
    'A browser signs in with `POST /api/session` and gets a cookie that scripts cannot read. After a few wrong passwords, each further wrong password makes the next wait longer.',
    'The server uses plain HTTP. For access over a network, put a proxy with TLS in front of it. The proxy must pass on the `Host` header unchanged. `tailrace up --proxy ADDRESS` names the proxy, so that each client waits only for its own wrong passwords, and the cookie is sent only over HTTPS.',
    '## What a signed-in user can access',
    [
      'There is one password, and there are no roles: a user with the password can do everything. Such a user can read every saved Warehouse and write to every saved Target, and can also access:',
      '',
      '- **The network.** The server connects to whatever host a Warehouse, or `baseUrl` of a Target, names, also inside its own network, and reports the errors of these connections.',
      '- **Files.** A DuckDB Warehouse opens any DuckDB file that the server can read. Without `path`, or with `files: true`, a query can read every file that the server can read, including its `secret-key` if TAILRACE_SECRET_KEY is not set.',
      '- **Variables.** A Connection can use every environment variable of the server and send it to its host, except `TAILRACE_…`, `DATABASE_URL` and `PGPASSWORD`.',
      '',
      'A saved secret is never shown, and is sent only to the host that it was saved for. Run the server as a separate user that has only the files, variables and network access that its Connections need.',
    ].join('\n'),
    '## Conventions',
    [
      '- **Bodies** are JSON, with `content-type: application/json`.',
      '- **Errors** are problem documents (RFC 9457, `application/problem+json`): `code` is one of [errors.md](errors.md), `advice` says what to do, and `errors` lists each mistake with a JSON pointer into the request body.',
      '- **Lists** come in pages: `limit` (at most 200) and `cursor`, which is `next` of the previous page; `null` marks the last page.',
      '- **Edits** require `If-Match` with the ETag that was read. If another user changed the object in the meantime, the answer is 412, and `errors` lists the other changes.',
      '- **Create requests** accept an `Idempotency-Key`: a repeated request with the same key gets the same answer and is executed only once. Answers are kept for one day.',
      '- **Secrets** can be written but not read: a secret that is set is returned as `{ "secret": "set" }`. If you send this value back, the secret does not change. `${NAME}` is stored as written, and is replaced by the environment variable of the server when it is used.',
    ].join('\n'),
    '## Operations',
    ...[...byTag]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([tag, all]) => [
        `### ${tag}`,
        table(
          ['', 'Path', 'What it does'],
          all.map(({ method, path, summary }) => [method, code(path), summary]),
        ),
      ]),
  )
}
