import type { CatalogueArea } from './entry.ts'

const inTarget = { whoFixes: 'you: the target', retried: 'no' } as const
const config = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

/** What may happen with any Target. Codes of one Target alone are in `codes.ts` of its folder. */
export const target: CatalogueArea = {
  title: 'The Target',
  entries: [
    {
      ...config,
      code: 'unauthorized',
      title: 'The Target rejected the token',
      cause: 'The token is wrong, was revoked or has expired, or belongs to an account in another region.',
      fix: 'Set a valid token where tailrace.yaml reads it from, and check the region.',
    },
    {
      ...inTarget,
      code: 'missing-scope',
      title: 'The token lacks a permission',
      cause:
        'The token is valid, but has no permission for what this activation needs. The message names the permission.',
      fix: 'Give the token the permission, as the message says where. "tailrace check" lists all required permissions.',
    },
    {
      ...inTarget,
      code: 'read-refused',
      title: 'The Target rejected the read of a record',
      cause:
        'Tailrace had to read the current state of a record. The Target rejected the read without an answer that the record does not exist.',
      fix: "See the Target's text in the message. The token may have no access to the record.",
    },
    {
      ...config,
      code: 'unexpected-redirect',
      title: 'The address redirects to another address',
      cause:
        'The server answered with a redirect. Tailrace does not follow it, because that would send the token to the other address.',
      fix: "Set the target's address to one that answers without a redirect.",
    },
  ],
}
