import { machineTrouble, type MachineCode } from '../model/machine-trouble.ts'

export type TroubleCode =
  | 'unreachable'
  | 'dns'
  | 'connection-reset'
  | 'timeout'
  | 'tls'
  | 'server-error'
  | 'rate-limited'
  | 'target-busy'
  | 'not-json'
  | 'answer-too-large'
  | 'proxy-refused'
  | 'hold-unsure'
  | MachineCode

export interface NetworkTrouble {
  readonly code: TroubleCode
  /** Text that follows the host name: "refuses connections". */
  readonly words: string
  readonly advice: string
  /** A configuration error if the host was never reached before: waiting does not help. */
  readonly lasting: boolean
  /** A retry would fail the same way, even if the host was reached before. */
  readonly final?: true
}

/**
 * Classifies a failed connection by the error codes of Node (`errno`, OpenSSL) and undici. The error's text is not
 * quoted.
 */
export function networkTrouble(error: Error & { code?: unknown }): NetworkTrouble {
  const code = typeof error.code === 'string' ? error.code : error.name
  const known = proxyTrouble(error) ?? table[code]
  if (known !== undefined) return known
  const machine = machineTrouble(error)
  if (machine !== undefined)
    return { code: machine.code, words: `cannot be called: ${machine.words}`, advice: machine.advice, lasting: false }
  if (code.startsWith('HPE_')) return notHttp
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return noTls
  if (/CERT|SIGNATURE|_CRL_|ERR_TLS_/.test(code))
    return certificate(`has a certificate that is not trusted (${code})`, trustAdvice)
  return reset(`closed the connection (${code})`)
}

/** The error of an attempt that exceeded its timeout. */
export function attemptTimeout(): Error {
  return Object.assign(new Error('attempt timed out'), { code: 'TAILRACE_ATTEMPT_TIMEOUT' })
}

/** The error that stops a request while this process is not sure that it still holds the Activation's lease. */
export function notSure(): Error {
  return Object.assign(new Error('nothing may leave'), { code: 'TAILRACE_NOT_SURE' })
}

/** The error of an answer longer than any API answer. */
export function answerTooLarge(): Error {
  return Object.assign(new Error('answer too large'), { code: 'TAILRACE_ANSWER_TOO_LARGE' })
}

/** The error that stops a request whose permit expired before it was sent. */
export function lateToLeave(): Error {
  return Object.assign(new Error('too late to leave'), { code: 'TAILRACE_LATE' })
}

export function isLate(error: Error & { code?: unknown }): boolean {
  return error.code === 'TAILRACE_LATE'
}

/** Whether the error stopped a request before any byte was sent. */
export function isKeptBack(error: Error & { code?: unknown }): boolean {
  return isLate(error) || error.code === 'TAILRACE_NOT_SURE'
}

/**
 * The proxy's answer if it did not forward a request; undefined for other errors. undici reports it only in the
 * message.
 */
export function proxyTrouble(error: Error): NetworkTrouble | undefined {
  const status = /^Proxy (?:response \((\d{3})\) !== 200 when HTTP Tunneling|Authentication Required \((407)\))/
    .exec(error.message)
    ?.slice(1)
    .find((each) => each !== undefined)
  if (status === undefined) return undefined
  if (status === '407')
    return {
      code: 'proxy-refused',
      words: 'was not called: the proxy requires a user name and a password, or other ones (407)',
      advice: proxyLoginAdvice,
      lasting: true,
      final: true,
    }
  if (status.startsWith('5'))
    return {
      code: 'unreachable',
      words: `cannot be reached: the proxy answered ${status}`,
      advice: reachAdvice,
      lasting: false,
    }
  return {
    code: 'proxy-refused',
    words: `was not called: the proxy answered ${status}`,
    advice: proxyAdvice,
    lasting: true,
    final: true,
  }
}

const proxyLoginAdvice =
  "Write the user name and the password into the proxy's address, http://user:password@host:port, in HTTPS_PROXY (for http:// targets HTTP_PROXY)."
const proxyAdvice = 'Allow the host in the proxy. If the host can be reached without the proxy, name it in NO_PROXY.'
const reachAdvice =
  'Check that the base URL is right, that the server is up, and that no firewall or proxy blocks the connection.'
const trustAdvice =
  'For your own certificate authority, set NODE_EXTRA_CA_CERTS to its certificate file. Never disable verification.'
const nameAdvice = 'Check the base URL or the region.'

const unreachable = (words: string): NetworkTrouble => ({
  code: 'unreachable',
  words,
  advice: reachAdvice,
  lasting: false,
})
const reset = (words: string): NetworkTrouble => ({
  code: 'connection-reset',
  words,
  advice: reachAdvice,
  lasting: false,
})
const certificate = (words: string, advice: string): NetworkTrouble => ({ code: 'tls', words, advice, lasting: true })
const timeout: NetworkTrouble = {
  code: 'timeout',
  words: 'did not answer in time',
  advice: reachAdvice,
  lasting: false,
}
const selfSigned = certificate('has a self-signed certificate', trustAdvice)
const unknownIssuer = certificate('has a certificate from an issuer that this machine does not know', trustAdvice)
const notHttp: NetworkTrouble = {
  code: 'not-json',
  words: 'did not answer in HTTP',
  advice: 'Check the port, and whether the base URL should start with https://.',
  lasting: false,
}
const noTls = certificate(
  'does not use TLS as expected',
  'Check the port, and whether the base URL should start with http://.',
)

const table: Readonly<Record<string, NetworkTrouble>> = {
  ENOTFOUND: {
    code: 'dns',
    words: 'cannot be resolved: DNS does not know the name',
    advice: nameAdvice,
    lasting: true,
  },
  EAI_AGAIN: {
    code: 'dns',
    words: 'cannot be resolved: DNS does not answer',
    advice: 'Check the network and DNS of this machine.',
    lasting: false,
  },
  ECONNREFUSED: unreachable('refuses connections'),
  EHOSTUNREACH: unreachable('cannot be reached: no route to the host'),
  ENETUNREACH: unreachable('cannot be reached: no network'),
  EHOSTDOWN: unreachable('is down'),
  ENETDOWN: unreachable('cannot be reached: the network is down'),
  EADDRNOTAVAIL: unreachable('cannot be reached: this machine has no free address or port'),
  ETIMEDOUT: unreachable('does not accept connections: it did not answer in time'),
  UND_ERR_CONNECT_TIMEOUT: unreachable('does not accept connections: it did not answer in time'),
  TAILRACE_ANSWER_TOO_LARGE: {
    code: 'answer-too-large',
    words: 'answered with more than 8 MiB, which no answer of its API has',
    lasting: true,
    final: true,
    advice:
      'Check that the base URL is the URL of the API. The write may have been applied: the next Run reads the records.',
  },
  UND_ERR_PRX_TLS: certificate('cannot be reached: the certificate of the proxy is not trusted', trustAdvice),
  UND_ERR_PRX_CONN: unreachable('cannot be reached: the proxy closed the connection'),
  UND_ERR_HEADERS_TIMEOUT: timeout,
  UND_ERR_BODY_TIMEOUT: timeout,
  TAILRACE_ATTEMPT_TIMEOUT: timeout,
  // Of other requests nothing has left, and they wait for another permit.
  TAILRACE_LATE: {
    code: 'timeout',
    words: 'was cut off in the middle of the request: this process was frozen, and its permit expired',
    lasting: false,
    advice: reachAdvice,
  },
  TAILRACE_NOT_SURE: {
    code: 'hold-unsure',
    words: 'was not called: the control database has not confirmed recently that this process holds the activation',
    lasting: false,
    advice: 'Check that the control database answers, then run it again.',
  },
  ECONNRESET: reset('closed the connection'),
  EPIPE: reset('closed the connection'),
  UND_ERR_SOCKET: reset('closed the connection before its answer was complete'),
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  CERT_HAS_EXPIRED: certificate(
    'has an expired certificate',
    'Check the clock of this machine, then ask the owner of the server to renew it.',
  ),
  CERT_NOT_YET_VALID: certificate('has a certificate that is not valid yet', 'Check the clock of this machine.'),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate('has a certificate made for another host name', nameAdvice),
}
