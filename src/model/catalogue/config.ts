import type { CatalogueArea } from './entry.ts'

const managed = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

export const config: CatalogueArea = {
  title: 'tailrace.yaml',
  entries: [
    {
      ...managed,
      code: 'config-not-found',
      title: 'tailrace.yaml not found',
      cause: 'The current folder has no tailrace.yaml.',
      fix: 'Go to the folder of tailrace.yaml, name the file with --config, or create one with "tailrace init".',
    },
    {
      ...managed,
      code: 'config-unreadable',
      title: 'tailrace.yaml cannot be read',
      cause: 'The path is a folder, you have no permission to read the file, or the file is not UTF-8 text.',
      fix: 'See the reason in the message. Correct the file permissions, or save the file as UTF-8.',
    },
    {
      ...managed,
      code: 'config-invalid',
      title: 'tailrace.yaml has errors',
      cause:
        'A key is unknown or missing, a value has the wrong type, or a ${VARIABLE} is not set. Each error is listed with line and column.',
      fix: 'Correct each error. "tailrace check" reports when the file has no errors.',
    },
    {
      code: 'cannot-adopt',
      title: 'The state of the other Activation cannot be taken over',
      whoFixes: 'you: tailrace.yaml',
      retried: 'no',
      cause:
        '`adopts` names an Activation that never ran, that has another account, object, behavior or tag, or whose state was taken over before. Or this Activation already has state of its own.',
      fix: 'Write the name under which the other Activation ran, and keep its account, object, behavior and tags. Or remove `adopts`.',
    },
    {
      code: 'memory-handed-over',
      title: 'Another Activation took over the state of this Activation',
      whoFixes: 'you: tailrace.yaml',
      retried: 'no',
      cause:
        'Another Activation took over the state of this Activation (`adopts`). If both ran, Tailrace could not know which of them manages a record.',
      fix: 'Run the other Activation, and remove this Activation from tailrace.yaml.',
    },
    {
      ...managed,
      code: 'activation-frozen',
      title: 'A setting that cannot change was changed',
      cause:
        "Tailrace keeps the state of an activation under the activation's name: which records it wrote, and where. The account, object, behavior, identifier and tags cannot change after the first Run, because the state belongs to the earlier settings.",
      fix: 'Give the changed activation a new name, so that it starts with empty state, or undo the change. The query can change at any time.',
    },
    {
      ...managed,
      code: 'bad-base-url',
      title: 'The base URL is not valid',
      cause: "The Target's baseUrl does not start with http:// or https://, or is not a URL.",
      fix: 'Write it like https://api.example.com.',
    },
    {
      ...managed,
      code: 'malformed-token',
      title: 'The token is not valid',
      cause: 'The token is empty, or contains a space, a line break or a character that is never part of a token.',
      fix: 'Copy the token again, without surrounding text. Check that its variable is set where Tailrace runs.',
    },
    {
      ...managed,
      code: 'bad-url',
      title: "The warehouse's URL is not valid",
      cause: 'The url of a PostgreSQL warehouse has the wrong format.',
      fix: 'Write it like postgres://user:password@host:5432/database. Write special characters in a password as %XX.',
    },
    {
      ...managed,
      code: 'certificate-not-found',
      title: 'A certificate of the warehouse cannot be read',
      cause:
        'The file that tls.ca (or sslRootCert), tls.cert or tls.key names does not exist or cannot be read, or a client certificate has no key.',
      fix: 'Correct the path, which is relative to tailrace.yaml. You can also write the PEM text itself instead of a path.',
    },
  ],
}
