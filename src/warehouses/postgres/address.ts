import { Fault } from '../../connect/index.ts'
import type { PostgresConfig } from './config.ts'

/** libpq's words: encrypted or not, and whether the certificate's authority, and its host name too, are checked. */
export type Ssl = 'disable' | 'require' | 'verify-ca' | 'verify-full'

/** Where the server is and who we are there, whether the config gave a URL or its parts. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  readonly ssl: Ssl
  /** PEM text, or the file it is in: the authority to trust, and the certificate and key that we show. */
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** The name that the server's certificate is made for, where that is not its host name. */
  readonly serverName: string | undefined
  /** Start-up options of the server, such as `-c search_path=sales`. */
  readonly options: string | undefined
}

export function addressOf(config: PostgresConfig): Address {
  const parts: Parts = config.url === undefined ? partsIn(config) : partsOf(config.url)
  const host = parts.host ?? 'localhost'
  const { tls = {} } = config
  const ca = tls.ca ?? config.sslRootCert ?? parts.ca
  const ssl = config.ssl ?? parts.ssl ?? (ca !== undefined ? 'verify-full' : isThisMachine(host) ? 'disable' : 'require')
  return {
    host,
    port: parts.port ?? 5432,
    database: parts.database ?? parts.user ?? 'postgres',
    user: parts.user ?? 'postgres',
    password: parts.password,
    // As in libpq: who names an authority wants it checked.
    ssl: ssl === 'require' && ca !== undefined ? 'verify-ca' : ssl,
    ca,
    cert: tls.cert ?? parts.cert,
    key: tls.key ?? parts.key,
    serverName: tls.serverName,
    options: parts.options,
  }
}

type Parts = { readonly [Name in keyof Address]?: Address[Name] | undefined }

function partsIn({ host, port, database, user, password }: PostgresConfig): Parts {
  return { host, port, database, user, password }
}

/** Reads a URL as libpq does. The text of a URL is never part of an error: it may hold the password. */
function partsOf(text: string): Parts {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw badUrl('It is not a URL. A password with special characters must be percent-encoded.')
  const parts: Record<string, string | number> = {}
  const set = (name: keyof Address, value: string) => {
    if (value !== '') parts[name] = decoded(value)
  }
  set('host', url.hostname.replace(/^\[|\]$/g, ''))
  set('user', url.username)
  set('password', url.password)
  set('database', url.pathname.replace(/^\//, ''))
  if (url.port !== '') parts['port'] = Number(url.port)
  for (const [name, value] of url.searchParams) {
    const field = parameters[name]
    if (field === undefined) throw badUrl(`It has a parameter "${name}" that is not known here: ${Object.keys(parameters).join(', ')} are.`)
    if (field === 'ssl') parts['ssl'] = sslMode(value)
    else if (field !== 'ignored') parts[field] = value
  }
  return parts as Parts
}

/** `ignored`: harmless, and found in the URLs that hosts of PostgreSQL hand out. */
const parameters: Readonly<Record<string, keyof Address | 'ignored'>> = {
  sslmode: 'ssl', sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key', host: 'host', user: 'user', password: 'password', options: 'options',
  application_name: 'ignored', channel_binding: 'ignored', connect_timeout: 'ignored', target_session_attrs: 'ignored', pgbouncer: 'ignored',
}

function sslMode(value: string): Ssl {
  if (value === 'disable') return 'disable'
  if (value === 'verify-full' || value === 'verify-ca') return value
  if (value === 'require' || value === 'prefer' || value === 'allow' || value === 'no-verify') return 'require'
  throw badUrl('Its sslmode is none of disable, require, verify-ca, verify-full.')
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw badUrl('A % in it is not followed by two hex digits; write a literal % as %25.')
  }
}

function badUrl(why: string): Fault {
  return new Fault('config', `The url of this PostgreSQL warehouse cannot be used. ${why}`, {
    code: 'bad-url',
    advice: 'postgres://user:password@host:5432/database?sslmode=require',
  })
}

function isThisMachine(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || host.startsWith('127.')
}
