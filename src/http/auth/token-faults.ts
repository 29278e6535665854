import type { OAuth2 } from '../../connect/oauth2.ts'
import { Fault } from '../../model/fault.ts'
import type { VendorWord } from './ask-vendor.ts'
import type { TokenFailure } from './token-store.ts'

const waitAdvice = 'No action is needed: the next Run tries again.'

/** The Fault of a request for a token that was not granted. `label`: the token endpoint, for the message. */
export function tokenFault(
  { grant }: OAuth2,
  word: Exclude<VendorWord, { is: 'granted' }>,
  label: string,
  redact: (text: string) => string,
  takenOver: boolean,
): Fault {
  const message = redact(`${label} ${wordsOf(word)}`)
  switch (word.is) {
    case 'rejected':
      return new Fault('auth', message, {
        code: 'token-rejected',
        advice: rejectedAdvice(grant.type, word.error, takenOver),
      })
    case 'unexpected':
      return new Fault('config', message, {
        code: 'token-endpoint',
        advice: 'Check the login address of the target, and check whether a proxy answers instead of the vendor.',
      })
    case 'busy':
      return new Fault('transient', message, { code: 'token-unavailable', advice: waitAdvice })
    case 'cancelled':
      return new Fault('cancelled', message, { code: 'cancelled' })
    case 'no-answer': {
      const { code, advice, lasting, final } = word.trouble
      return new Fault(lasting || final === true ? 'config' : 'transient', message, { code, advice })
    }
  }
}

function wordsOf(word: Exclude<VendorWord, { is: 'granted' }>): string {
  if (word.is === 'cancelled') return 'gave no token before the Run was cancelled'
  return word.is === 'no-answer' ? word.trouble.words : word.words
}

function rejectedAdvice(grant: OAuth2['grant']['type'], error: string, takenOver: boolean): string {
  if (error === 'invalid_client') return 'Check the client id and the client secret, and check that the app is active.'
  if (error === 'invalid_scope') return 'Check that the app and the user have the scopes of the target.'
  switch (grant) {
    case 'refresh-token':
      return takenOver
        ? 'A worker ended before it could save the answer to its request for a token, so the refresh token may have been used already. Connect the app to the account again, and configure the new refresh token.'
        : 'The refresh token was revoked, has expired or was used elsewhere. Connect the app to the account again, and configure the new refresh token.'
    case 'jwt-bearer':
      return "Check the user name, that the user has approved the app, that the app has the certificate of this private key, that the login address belongs to the user's organisation, and the clock of this machine."
    case 'client-credentials':
      return 'Check the client id, the client secret and the login address, and check that the app may use client credentials and names a user to run as.'
  }
}

export function failureOf({ kind, code, message, advice }: Fault): TokenFailure {
  return { kind, code, message, ...(advice !== undefined && { advice }) }
}

/** The Fault that another worker received. */
export function sharedFault({ kind, code, message, advice }: TokenFailure): Fault {
  return new Fault(kind, message, { code, ...(advice !== undefined && { advice }) })
}
