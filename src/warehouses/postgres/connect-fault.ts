import { Fault } from '../../connect/index.ts'
import type { Address } from './address.ts'

interface SystemError { readonly code?: string; readonly message: string }

/** Why the connection failed: host, TLS, password or database. */
export function connectFault(error: unknown, address: Address): Fault {
  if (Fault.is(error)) return error
  // A host with several addresses fails with one error per address.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const { code = '', message } = first as SystemError
  const at = address.host.startsWith('/') ? address.host : `${address.host}:${address.port}`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Fault('transient', `The host name ${address.host} is not known (${code}).`, {
      code: 'warehouse-unreachable', advice: 'Check the spelling, and that this machine can resolve it.',
    })
  }
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return new Fault('transient', `Nothing listens at ${at} (${code}).`, {
      code: 'warehouse-unreachable', advice: 'Is PostgreSQL running there, and is the port right?',
    })
  }
  if (certificateCodes.test(code)) {
    return new Fault('auth', `The certificate of ${at} is not trusted: ${message} (${code}).`, {
      code: 'tls-certificate', advice: 'Give the authority that signed it as sslRootCert, and use the host name it was made for.',
    })
  }
  if (/does not support SSL/i.test(message)) {
    return new Fault('auth', `${at} does not speak TLS.`, {
      code: 'tls-not-supported', advice: 'Turn TLS on in the server, or write ssl: disable if you trust the network between.',
    })
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || /SSL connection/i.test(message)) {
    return new Fault('auth', `TLS with ${at} failed: ${message}`, { code: 'tls-failed' })
  }
  return answered(code, message, address, at)
}

/** The server answered with an error. */
function answered(code: string, message: string, address: Address, at: string): Fault {
  if (code === '28P01' || /^SASL|password must be a string/i.test(message)) {
    const missing = address.password === undefined ? ' No password was given.' : ''
    return new Fault('auth', `${at} refused the password of user "${address.user}".${missing}`, { code: 'bad-credentials' })
  }
  if (code === '28000') {
    return new Fault('auth', `${at} refused user "${address.user}": ${message}`, {
      code: 'access-denied', advice: 'See pg_hba.conf on the server; "no encryption" in the words means that it wants ssl: require.',
    })
  }
  if (code === '42501') return new Fault('auth', `${at} refused user "${address.user}": ${message}`, { code: 'access-denied' })
  if (code === '3D000') return new Fault('config', `There is no database "${address.database}" at ${at}.`, { code: 'database-not-found' })
  if (poolerWords.test(message)) {
    return new Fault('config', `${at} is a connection pooler that cannot be used as it is set: ${message}.`, {
      code: 'warehouse-pooler',
      advice: 'PgBouncer works with pool_mode session or transaction, and takes no start-up options: set search_path and the like for the role instead.',
    })
  }
  if (/^(53|57)/.test(code)) return new Fault('transient', `${at} takes no connections now: ${message}`, { code: 'warehouse-busy' })
  return new Fault('transient', `No connection to ${at}: ${message}${code === '' ? '' : ` (${code})`}`, { code: 'warehouse-unreachable' })
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS_CERT_ALTNAME_INVALID/
/** Messages of PgBouncer: statement pooling does not allow transactions; a start-up option is not supported. */
const poolerWords = /statement pooling|unsupported startup parameter/i
