import type { CatalogueArea } from './entry.ts'

const sent = { whoFixes: 'you: what was sent', retried: 'no' } as const
const start = { whoFixes: 'you: the command line', retried: 'no' } as const

export const server: CatalogueArea = {
  title: 'The server and its API',
  entries: [
    {
      ...sent, code: 'draft-invalid', title: 'What was sent cannot be saved as it is',
      cause: 'One or more of its fields are not right. Each is listed with its place, in `errors`.',
      fix: 'Correct each of them; nothing was saved.',
    },
    {
      ...sent, code: 'request-invalid', title: 'The request is not as the API takes it',
      cause: 'Its body or query is not JSON, lacks something, or holds something of another kind.',
      fix: 'See /api/openapi.json of the server, or docs/api.md.',
    },
    { ...sent, code: 'no-such-path', title: 'There is nothing at this path', cause: 'The API has no such operation, or the path names nothing.', fix: 'See /api/openapi.json of the server.' },
    {
      ...sent, code: 'connection-not-found', title: 'There is no such Connection', cause: 'No warehouse or target is saved under this name; it may have been deleted.',
      fix: 'Choose one of the list.',
    },
    {
      ...sent, code: 'name-taken', title: 'The name is taken', cause: 'Another Connection of this kind, or another Activation, is saved under it.', fix: 'Choose another name.',
    },
    {
      code: 'connection-in-use', title: 'Activations use this Connection', whoFixes: 'you: look, then decide', retried: 'no',
      cause: 'They could not run without it, so it is not deleted.', fix: 'Delete those Activations first, or let them use another.',
    },
    {
      code: 'connection-broken', title: 'A Connection cannot be used as it is saved', whoFixes: 'you: look, then decide', retried: 'no',
      cause: 'An environment variable that it names is not set where the server runs, its secret cannot be read, or this version takes other settings.',
      fix: 'Correct it under Warehouses or Targets, or set the variable and start the server again.',
    },
    {
      ...sent, code: 'secret-not-set', title: 'There is no saved secret to keep', cause: 'The draft says that a saved secret stays, and none is saved there.', fix: 'Type it in.',
    },
    {
      ...sent, code: 'changed-meanwhile', title: 'Somebody else changed it meanwhile',
      cause: 'It is not what it was when it was read: its ETag is another. `errors` says what others changed.',
      fix: 'Read it again, and make your change to what it is now.',
    },
    { ...sent, code: 'etag-required', title: 'The header If-Match is missing', cause: 'A change must say which state it was made to.', fix: 'Send the ETag that came with what you read as If-Match.' },
    { ...sent, code: 'cursor-invalid', title: 'The cursor is not of this list', cause: 'It was cut short, made up, or taken from another list.', fix: 'Take `next` of the page before as it is, or begin without a cursor.' },
    { ...sent, code: 'idempotency-key-unfit', title: 'The Idempotency-Key cannot be used', cause: 'It is empty, longer than 255 characters, or holds a space.', fix: 'Send a random word, such as a UUID.' },
    { ...sent, code: 'idempotency-key-reused', title: 'The Idempotency-Key was used for another request', cause: 'A key stands for one request, for a day.', fix: 'Make a new key for each thing that is to be created.' },
    {
      code: 'idempotency-key-busy', title: 'The first request of this Idempotency-Key is under way', whoFixes: 'nobody: it passes', retried: 'no',
      cause: 'The same request came twice, and the first has not answered yet.', fix: 'Ask again in a moment: the answer will be that of the first.',
    },
    {
      ...sent, code: 'sign-in-required', title: 'Sign in first', cause: 'This server has a password, and the request came without it, or the session has ended.',
      fix: 'Sign in; or send the password as "Authorization: Bearer …".',
    },
    { ...sent, code: 'wrong-password', title: 'The password is not right', cause: 'It is not what TAILRACE_PASSWORD was set to where the server was started.', fix: 'Ask whoever runs the server.' },
    {
      code: 'too-many-tries', title: 'Too many wrong passwords', whoFixes: 'nobody: it passes', retried: 'no',
      cause: 'After a few wrong passwords from one address, each further one makes the next wait longer, up to a minute.', fix: 'Wait as long as the message says.',
    },
    {
      ...sent, code: 'foreign-host', title: 'The server was called by a name that is not its own',
      cause: 'A server without a password answers to localhost and 127.0.0.1 alone, so that pages of other sites cannot reach it by tricks with names.',
      fix: 'Open it as http://localhost; or start it with TAILRACE_PASSWORD to use it from elsewhere.',
    },
    {
      ...sent, code: 'foreign-origin', title: 'The request comes from a page of another site',
      cause: 'What changes something is taken only from the server\'s own pages, or from programs.', fix: 'Use the server\'s own page. A proxy before it must hand on the Host header as it is.',
    },
    {
      code: 'plan-too-long', title: 'The plan took too long', whoFixes: 'you: look, then decide', retried: 'no',
      cause: 'A query that returns very many rows, or a Target that answers slowly: the server gives a plan two minutes.',
      fix: 'Try it with fewer rows, or use "tailrace plan", which takes the time it needs. Nothing was sent.',
    },
    {
      code: 'apply-differs', title: 'The server is not what it was when the changes were shown', whoFixes: 'you: look, then decide', retried: 'no',
      cause: 'Somebody changed something in between. Nothing was applied.', fix: 'Have the changes shown again, and apply those.',
    },
    { ...start, code: 'apply-unconfirmed', title: 'Nobody was there to confirm the changes', cause: 'There is no terminal to ask at, and --yes was not given. Nothing was applied.', fix: 'Look at the changes, then add --yes.' },
    {
      code: 'server-unreachable', title: 'The server cannot be reached', whoFixes: 'you: the machine or network', retried: 'no',
      cause: 'Nothing answers at the address given with --server, or something that is no Tailrace server does.', fix: 'Check the address, and that "tailrace up" runs there.',
    },
    {
      ...start, code: 'secret-key-invalid', title: 'The key to the saved secrets cannot be used',
      cause: 'TAILRACE_SECRET_KEY is too short; or the file secret-key in the home directory is damaged, may be read by others, or cannot be written.',
      fix: 'See the reason in the message. A new key is made with "openssl rand -base64 32"; with another key, saved secrets must be typed in again.',
    },
    {
      ...start, code: 'secret-key-differs', title: 'A saved secret was sealed under another key',
      cause: 'The control database came from elsewhere, or the key was changed or lost.', fix: 'Start with the key it was saved with, or type the secrets in again.',
    },
  ],
}
