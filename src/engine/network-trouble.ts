export type TroubleCode =
  | 'unreachable' | 'dns' | 'connection-reset' | 'timeout' | 'tls' | 'server-error' | 'rate-limited' | 'not-json'

export interface NetworkTrouble {
  readonly code: TroubleCode
  /** What happened, to follow the host's name: "refuses connections". */
  readonly words: string
  readonly advice: string
  /** A matter of configuration when the host was never reached before: waiting does not cure it. */
  readonly lasting: boolean
}

/** What a failed connection means, from the error codes of Node (`errno`, OpenSSL) and undici. The error's own text is not quoted. */
export function networkTrouble(error: Error & { code?: unknown }): NetworkTrouble {
  const code = typeof error.code === 'string' ? error.code : error.name
  const known = table[code]
  if (known !== undefined) return known
  if (code.startsWith('HPE_')) return notHttp
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return noTls
  if (/CERT|SIGNATURE|_CRL_|ERR_TLS_/.test(code)) return certificate(`has a certificate that cannot be trusted (${code})`, trustAdvice)
  return reset(`broke the connection (${code})`)
}

/** The error that ends an attempt which took too long. */
export function attemptTimeout(): Error {
  return Object.assign(new Error('attempt timed out'), { code: 'TAILRACE_ATTEMPT_TIMEOUT' })
}

const reachAdvice = 'Check that the base URL is right, that the server is up, and that no firewall or proxy stands between.'
const trustAdvice = 'If it is your own certificate authority, give its file in NODE_EXTRA_CA_CERTS. Never turn verification off.'
const nameAdvice = 'Check the base URL, or the region it is made from.'

const unreachable = (words: string): NetworkTrouble => ({ code: 'unreachable', words, advice: reachAdvice, lasting: false })
const reset = (words: string): NetworkTrouble => ({ code: 'connection-reset', words, advice: reachAdvice, lasting: false })
const certificate = (words: string, advice: string): NetworkTrouble => ({ code: 'tls', words, advice, lasting: true })
const timeout: NetworkTrouble = { code: 'timeout', words: 'did not answer in time', advice: reachAdvice, lasting: false }
const selfSigned = certificate('has a self-signed certificate', trustAdvice)
const unknownIssuer = certificate('has a certificate from an issuer that this machine does not know', trustAdvice)
const notHttp: NetworkTrouble = {
  code: 'not-json', words: 'did not answer in HTTP', advice: 'Check the port, and whether the base URL should start with https://.', lasting: false,
}
const noTls = certificate('does not speak TLS as expected', 'Check the port, and whether the base URL should start with http://.')

const table: Readonly<Record<string, NetworkTrouble>> = {
  ENOTFOUND: { code: 'dns', words: 'has no address: DNS does not know the name', advice: nameAdvice, lasting: true },
  EAI_AGAIN: { code: 'dns', words: 'could not be looked up: DNS does not answer', advice: 'Check the network and DNS of this machine.', lasting: false },
  ECONNREFUSED: unreachable('refuses connections'),
  EHOSTUNREACH: unreachable('cannot be reached: no route to the host'),
  ENETUNREACH: unreachable('cannot be reached: no network'),
  EHOSTDOWN: unreachable('is down'),
  ENETDOWN: unreachable('cannot be reached: the network is down'),
  EADDRNOTAVAIL: unreachable('cannot be reached: this machine has no free address or port'),
  ETIMEDOUT: unreachable('does not take connections: it did not answer in time'),
  UND_ERR_CONNECT_TIMEOUT: unreachable('does not take connections: it did not answer in time'),
  UND_ERR_HEADERS_TIMEOUT: timeout,
  UND_ERR_BODY_TIMEOUT: timeout,
  TAILRACE_ATTEMPT_TIMEOUT: timeout,
  ECONNRESET: reset('broke the connection'),
  EPIPE: reset('broke the connection'),
  UND_ERR_SOCKET: reset('closed the connection before its answer was complete'),
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  CERT_HAS_EXPIRED: certificate('has an expired certificate', 'Check the clock of this machine, then ask the owner of the server to renew it.'),
  CERT_NOT_YET_VALID: certificate('has a certificate that is not valid yet', 'Check the clock of this machine.'),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate('has a certificate made for another host name', nameAdvice),
}
