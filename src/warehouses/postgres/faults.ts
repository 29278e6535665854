import pg from 'pg'
import { Fault, offsetInQuery, queryFailed, queryNotReadOnly, type WrappedQuery } from '../../connect/index.ts'
import type { Address } from './address.ts'

interface SystemError {
  readonly code?: string
  readonly message: string
}

/** Why the connection failed: host, TLS, password or database. */
export function connectFault(error: unknown, address: Address): Fault {
  if (Fault.is(error)) return error
  // A host with several addresses fails with one error per address.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const { code = '', message } = first as SystemError
  const at = address.host.startsWith('/') ? address.host : `${address.host}:${address.port}`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Fault('transient', `The host name ${address.host} cannot be resolved (${code}).`, {
      code: 'warehouse-unreachable',
      advice: 'Check the spelling, and that this machine can resolve it.',
    })
  }
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return new Fault('transient', `No server listens at ${at} (${code}).`, {
      code: 'warehouse-unreachable',
      advice: 'Check that PostgreSQL is running there, and that the port is right.',
    })
  }
  if (certificateCodes.test(code)) {
    return new Fault('auth', `The certificate of ${at} is not trusted: ${message} (${code}).`, {
      code: 'tls-certificate',
      advice:
        'Set sslRootCert to the certificate of the authority that signed it, and use the host name in the certificate.',
    })
  }
  if (/does not support SSL/i.test(message)) {
    return new Fault('auth', `${at} does not support TLS.`, {
      code: 'tls-not-supported',
      advice: 'Enable TLS on the server, or set ssl: disable if you trust the network.',
    })
  }
  if (
    code === 'EPROTO' ||
    code.startsWith('ERR_SSL') ||
    code.startsWith('ERR_TLS') ||
    /SSL connection/i.test(message)
  ) {
    return new Fault('auth', `TLS with ${at} failed: ${message}`, { code: 'tls-failed' })
  }
  return answered(code, message, address, at)
}

/** The server answered with an error. */
function answered(code: string, message: string, address: Address, at: string): Fault {
  if (code === '28P01' || /^SASL|password must be a string/i.test(message)) {
    const missing = address.password === undefined ? ' No password was given.' : ''
    return new Fault('auth', `${at} rejected the password of user "${address.user}".${missing}`, {
      code: 'bad-credentials',
    })
  }
  if (code === '28000') {
    return new Fault('auth', `${at} rejected user "${address.user}": ${message}`, {
      code: 'access-denied',
      advice:
        'Check pg_hba.conf on the server. If the message contains "no encryption", the server requires ssl: require.',
    })
  }
  if (code === '42501')
    return new Fault('auth', `${at} rejected user "${address.user}": ${message}`, { code: 'access-denied' })
  if (code === '3D000')
    return new Fault('config', `There is no database "${address.database}" at ${at}.`, { code: 'database-not-found' })
  if (poolerWords.test(message)) {
    return new Fault('config', `${at} is a connection pooler with an unsupported setting: ${message}.`, {
      code: 'warehouse-pooler',
      advice:
        'Use PgBouncer with pool_mode session or transaction. It accepts no start-up options: set options such as search_path for the role instead.',
    })
  }
  if (/^(53|57)/.test(code))
    return new Fault('transient', `${at} accepts no connections now: ${message}`, { code: 'warehouse-busy' })
  return new Fault('transient', `No connection to ${at}: ${message}${code === '' ? '' : ` (${code})`}`, {
    code: 'warehouse-unreachable',
  })
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS_CERT_ALTNAME_INVALID/
/** Messages of PgBouncer: statement pooling does not allow transactions; a start-up option is not supported. */
const poolerWords = /statement pooling|unsupported startup parameter/i

/** Error of a wrapped query. PostgreSQL counts characters from 1. */
export function queryFault(error: unknown, sql: string, wrapped: WrappedQuery, address: Address): Fault {
  if (Fault.is(error)) return error
  if (!(error instanceof pg.DatabaseError)) return connectionLost(error, address)
  const { code = '', hint, detail, routine = '' } = error
  const message = error.message.replace(/\n\) AS tailrace_query[^"]*/, '')
  if (/^(08|40|53|57P)/.test(code) && routine !== 'exec_bind_message') {
    return new Fault('transient', `PostgreSQL ended the query: ${message}`, {
      code: 'warehouse-interrupted',
      ...(hint === undefined ? {} : { advice: hint }),
    })
  }
  if (code === '57014') {
    return new Fault(
      'config',
      `The query ran longer than statementTimeout, or was cancelled in the database: ${message}.`,
      {
        code: 'query-timeout',
        advice: 'Raise statementTimeout of this warehouse, or make the query faster.',
      },
    )
  }
  if (writes(code, routine, message)) return queryNotReadOnly(`${message}.`)
  if (code === '42501') {
    return new Fault('auth', `The role has no permission to read a table of the query: ${message}.`, {
      code: 'permission-denied',
      advice: 'Grant the role SELECT on the table, and USAGE on its schema.',
    })
  }
  const { position } = error
  const at = position === undefined ? undefined : offsetInQuery(wrapped, sql, { character: Number(position) - 1 })
  return queryFailed(detail === undefined ? message : `${message}: ${detail}`, sql, at, hint)
}

/**
 * `analyzeCTE`: WITH x AS (INSERT …). `transformSelectStmt`: SELECT … INTO. Compares names of PostgreSQL functions,
 * since messages may be translated.
 */
function writes(code: string, routine: string, message: string): boolean {
  return (
    code === '25006' ||
    (code === '0A000' && routine === 'analyzeCTE') ||
    (code === '42601' && routine === 'transformSelectStmt' && /INTO/.test(message))
  )
}

function connectionLost(error: unknown, address: Address): Fault {
  const message = error instanceof Error ? error.message : String(error)
  if (/terminated|closed|not queryable/i.test(message)) {
    return new Fault('transient', `The connection to ${address.host} broke: ${message}.`, {
      code: 'warehouse-connection-lost',
    })
  }
  return connectFault(error, address)
}
