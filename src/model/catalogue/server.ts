import type { CatalogueArea } from './entry.ts'

const sent = { whoFixes: 'you: the request', retried: 'no' } as const
const start = { whoFixes: 'you: the command line', retried: 'no' } as const

export const server: CatalogueArea = {
  title: 'The server and its API',
  entries: [
    {
      ...sent, code: 'draft-invalid', title: 'The draft has errors',
      cause: 'One or more fields are not valid. `errors` lists each of them with its position.',
      fix: 'Correct each error. Nothing was saved.',
    },
    {
      ...sent, code: 'request-invalid', title: 'The request is not valid',
      cause: 'The body is not JSON, or the body or query lacks a value or contains a value of the wrong type.',
      fix: 'See /api/openapi.json of the server, or docs/api.md.',
    },
    { ...sent, code: 'no-such-path', title: 'Path not found', cause: 'The API has no such operation, or the path names an object that does not exist.', fix: 'See /api/openapi.json of the server.' },
    {
      ...sent, code: 'connection-not-found', title: 'Connection not found', cause: 'No warehouse or target is saved under this name. It may have been deleted.',
      fix: 'Choose one from the list.',
    },
    {
      ...sent, code: 'name-taken', title: 'The name is in use', cause: 'Another Connection of this kind, or another Activation, has this name.', fix: 'Choose another name.',
    },
    {
      code: 'connection-in-use', title: 'Activations use this Connection', whoFixes: 'you: review and decide', retried: 'no',
      cause: 'The Activations cannot run without the Connection, so it was not deleted.', fix: 'Delete these Activations first, or switch them to another Connection.',
    },
    {
      code: 'connection-broken', title: 'The saved Connection cannot be used', whoFixes: 'you: review and decide', retried: 'no',
      cause: 'An environment variable of the Connection is not set where the server runs, its secret cannot be read, or this version requires other settings.',
      fix: 'Correct it under Warehouses or Targets, or set the variable and restart the server.',
    },
    {
      ...sent, code: 'secret-not-set', title: 'There is no saved secret to keep', cause: 'The draft asks to keep the saved secret, but no secret is saved.', fix: 'Enter the secret.',
    },
    {
      ...sent, code: 'changed-meanwhile', title: 'Another user changed it in the meantime',
      cause: 'It was changed after you read it, so its ETag is different. `errors` lists the other changes.',
      fix: 'Read it again, and apply your change to the current version.',
    },
    { ...sent, code: 'etag-required', title: 'The If-Match header is missing', cause: 'A change must name the version that it applies to.', fix: 'Send the ETag of the version that you read as If-Match.' },
    { ...sent, code: 'cursor-invalid', title: 'The cursor is not valid for this list', cause: 'The cursor is incomplete, is not from this API, or belongs to another list.', fix: 'Send `next` of the previous page unchanged, or start without a cursor.' },
    { ...sent, code: 'idempotency-key-unfit', title: 'The Idempotency-Key is not valid', cause: 'The key is empty, longer than 255 characters, or contains a space.', fix: 'Send a random value, such as a UUID.' },
    { ...sent, code: 'idempotency-key-reused', title: 'The Idempotency-Key was used for another request', cause: 'A key belongs to one request for one day.', fix: 'Use a new key for each object that you create.' },
    {
      code: 'idempotency-key-busy', title: 'The first request with this Idempotency-Key is still running', whoFixes: 'no one: it is temporary', retried: 'no',
      cause: 'The same request was sent twice, and the first one has no answer yet.', fix: 'Send the request again in a moment. You then get the answer of the first request.',
    },
    {
      ...sent, code: 'sign-in-required', title: 'Sign in first', cause: 'This server has a password, and the request did not contain it, or the session has ended.',
      fix: 'Sign in, or send the password as "Authorization: Bearer …".',
    },
    { ...sent, code: 'wrong-password', title: 'Wrong password', cause: 'The password differs from TAILRACE_PASSWORD of the server.', fix: 'Ask the administrator of the server.' },
    {
      code: 'too-many-tries', title: 'Too many wrong passwords', whoFixes: 'no one: it is temporary', retried: 'no',
      cause: 'After a few wrong passwords from one address, each further one makes the next wait longer, up to a minute.', fix: 'Wait as long as the message says.',
    },
    {
      ...sent, code: 'foreign-host', title: 'The Host header of the request is not allowed',
      cause: 'A server without a password accepts only localhost and 127.0.0.1 as its host name. This protects it from pages of other sites (DNS rebinding).',
      fix: 'Open it as http://localhost, or start it with TAILRACE_PASSWORD to use it from other machines.',
    },
    {
      ...sent, code: 'foreign-origin', title: 'The request comes from a page of another site',
      cause: 'The server accepts requests that change data only from its own pages or from programs.', fix: 'Use the server\'s own page. A proxy in front of the server must pass on the Host header unchanged.',
    },
    {
      code: 'plan-too-long', title: 'The plan took too long', whoFixes: 'you: review and decide', retried: 'no',
      cause: 'The query returns very many rows, or the Target answers slowly. The server stops a plan after two minutes.',
      fix: 'Try it with fewer rows, or use "tailrace plan", which has no such limit. Nothing was sent.',
    },
    {
      code: 'apply-differs', title: 'The server changed after the changes were shown', whoFixes: 'you: review and decide', retried: 'no',
      cause: 'Another user changed the config of the server in the meantime. Nothing was applied.', fix: 'Show the changes again, and apply the new ones.',
    },
    { ...start, code: 'apply-unconfirmed', title: 'The changes were not confirmed', cause: 'There is no terminal to ask for confirmation, and --yes is not set. Nothing was applied.', fix: 'Review the changes, then add --yes.' },
    {
      code: 'server-unreachable', title: 'The server cannot be reached', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'No server answers at the address in --server, or the server there is not a Tailrace server.', fix: 'Check the address, and check that "tailrace up" runs there.',
    },
    {
      ...start, code: 'secret-key-invalid', title: 'The key of the saved secrets cannot be used',
      cause: 'TAILRACE_SECRET_KEY is too short. Or the file secret-key in the state folder is damaged, can be read by other users, or cannot be written.',
      fix: 'See the reason in the message. "openssl rand -base64 32" creates a new key. After a change of the key, saved secrets must be entered again.',
    },
    {
      ...start, code: 'secret-key-differs', title: 'A saved secret was encrypted with another key',
      cause: 'The control database comes from another installation, or the key was changed or lost.', fix: 'Start the server with the original key, or enter the secrets again.',
    },
  ],
}
