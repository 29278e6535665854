import type { CatalogueArea } from './entry.ts'

const managed = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

export const config: CatalogueArea = {
  title: 'tailrace.yaml',
  entries: [
    {
      ...managed, code: 'config-not-found', title: 'There is no tailrace.yaml',
      cause: 'No file of that name is in the folder you are in.',
      fix: 'Go to its folder, name it with --config, or write one with "tailrace init".',
    },
    {
      ...managed, code: 'config-unreadable', title: 'tailrace.yaml cannot be read',
      cause: 'It is a folder, is not yours to read, or is not UTF-8 text.',
      fix: 'See the reason in the message: correct its rights, or save it as UTF-8.',
    },
    {
      ...managed, code: 'config-invalid', title: 'Something in tailrace.yaml is wrong',
      cause: 'A key is unknown or missing, a value is not of its kind, or a ${VARIABLE} is not set. Each is listed with line and column.',
      fix: 'Correct each of them; "tailrace check" says when all is well.',
    },
    {
      code: 'cannot-adopt', title: 'The other Activation\'s memory cannot be taken over', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: '`adopts` names an Activation that never ran, that writes to something else, or whose memory was taken over before.',
      fix: 'Name the Activation as it was called; keep account, object, behavior and tags as they were. Or leave out `adopts`: then it begins with no memory.',
    },
    {
      code: 'memory-handed-over', title: 'This Activation\'s memory is another\'s now', whoFixes: 'you: tailrace.yaml', retried: 'no',
      cause: 'Another Activation took over its memory (`adopts`). If both ran, neither would know what is whose.',
      fix: 'Run the other one, and take this one out of tailrace.yaml.',
    },
    {
      ...managed, code: 'activation-frozen', title: 'More than the query was changed',
      cause: 'Tailrace remembers what it put where under the activation\'s name. With another account, object, behavior, identifier or tag, that memory would speak of something else.',
      fix: 'Give the changed activation a new name, so that it starts with a memory of its own; or change it back. The query may change at any time.',
    },
    {
      ...managed, code: 'bad-base-url', title: 'The base URL is no web address',
      cause: 'The Target\'s baseUrl does not start with http:// or https://, or cannot be read.',
      fix: 'Write it as in https://api.example.com.',
    },
    {
      ...managed, code: 'malformed-token', title: 'The token cannot be one',
      cause: 'It is empty, or holds a space, a line break or a letter that no token has.',
      fix: 'Copy it again, without what surrounds it, and see that its variable is set where Tailrace runs.',
    },
    {
      ...managed, code: 'bad-url', title: 'The warehouse\'s URL cannot be used',
      cause: 'The url of a PostgreSQL warehouse is not written as one.',
      fix: 'Write it as in postgres://user:password@host:5432/database; in a password, write special characters as %XX.',
    },
    {
      ...managed, code: 'certificate-not-found', title: 'A certificate of the warehouse cannot be read',
      cause: 'There is no file where tls.ca (or sslRootCert), tls.cert or tls.key says, it is not yours to read, or a client certificate is given without its key.',
      fix: 'Correct the path; it is relative to tailrace.yaml. The PEM text itself may stand there, too.',
    },
  ],
}
