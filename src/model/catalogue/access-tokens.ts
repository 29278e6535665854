import { nextRun, waitedOut, type CatalogueArea } from './entry.ts'

const config = { whoFixes: 'you: tailrace.yaml', retried: 'no' } as const

export const accessTokens: CatalogueArea = {
  title: 'Access tokens (OAuth)',
  entries: [
    {
      ...config,
      code: 'token-rejected',
      title: 'The vendor grants no access token',
      cause:
        "The vendor rejects the client id, the client secret, the user, the private key or the refresh token. The message names the vendor's code, such as invalid_grant.",
      fix: 'Do what the message advises: connect the app to the account again and configure the new refresh token, or correct the credentials.',
    },
    {
      ...config,
      code: 'token-endpoint',
      title: 'The login address is no token endpoint',
      cause:
        'The address answered, but not with an access token, nor with a rejection that OAuth 2.0 knows. Or its tokens end before they can be used.',
      fix: 'Check the login address of the target, and check whether a proxy answers instead of the vendor.',
    },
    {
      whoFixes: 'no one: it is temporary',
      retried: waitedOut,
      code: 'token-unavailable',
      title: 'No access token at the moment',
      cause:
        'The token endpoint answers that it is busy, or another worker renews the token and has not finished in time.',
      fix: 'Nothing. If the error persists, check the status page of the vendor.',
    },
    {
      ...config,
      code: 'bad-token-url',
      title: 'The login address is not a URL',
      cause: 'The address of the token endpoint is not an http:// or https:// URL.',
      fix: 'Correct the login address of the target.',
    },
    {
      ...config,
      code: 'bad-private-key',
      title: 'The private key cannot sign',
      cause: 'privateKey is not the PEM text of an RSA private key, or the key is encrypted with a passphrase.',
      fix: 'Give an RSA private key without a passphrase. "openssl rsa -in KEY -out NEW" removes a passphrase.',
    },
    {
      whoFixes: 'you: the control database',
      retried: nextRun,
      code: 'tokens-unreachable',
      title: 'The control database does not keep the access token',
      cause: 'All workers share the access token of a target through the control database, which does not answer.',
      fix: 'Check that the control database answers, then run again.',
    },
  ],
}
