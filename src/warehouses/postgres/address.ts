import { Fault } from '../../connect/index.ts'
import type { PostgresConfig } from './config.ts'

/** libpq's modes: whether to encrypt, and whether to check the certificate's authority and its host name. */
export type Ssl = 'disable' | 'require' | 'verify-ca' | 'verify-full'

/** Server address and login, from the config's URL or from its separate parts. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  readonly ssl: Ssl
  /** PEM text, or the path of a PEM file: the trusted authority, and our client certificate and its key. */
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** Name in the server's certificate if it differs from the host name. */
  readonly serverName: string | undefined
  /** Start-up options for the server, such as `-c search_path=sales`. */
  readonly options: string | undefined
}

export function addressOf(config: PostgresConfig): Address {
  const parts: Parts = config.url === undefined ? partsIn(config) : partsOf(config.url)
  const host = parts.host ?? 'localhost'
  const { tls = {} } = config
  const ca = tls.ca ?? config.sslRootCert ?? parts.ca
  const ssl =
    config.ssl ?? parts.ssl ?? (ca !== undefined ? 'verify-full' : isThisMachine(host) ? 'disable' : 'require')
  return {
    host,
    port: parts.port ?? 5432,
    database: parts.database ?? parts.user ?? 'postgres',
    user: parts.user ?? 'postgres',
    password: parts.password,
    // As in libpq: if an authority is given, it is checked.
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

/** Reads a URL as libpq does. An error never contains the URL's text, which may hold the password. */
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
    if (field === undefined)
      throw badUrl(`It has an unknown parameter "${name}"; known parameters: ${Object.keys(parameters).join(', ')}.`)
    if (field === 'ssl') parts['ssl'] = sslMode(value)
    else if (field !== 'ignored') parts[field] = value
  }
  return parts as Parts
}

/** `ignored`: harmless parameters that appear in the URLs of PostgreSQL hosting providers. */
const parameters: Readonly<Record<string, keyof Address | 'ignored'>> = {
  sslmode: 'ssl',
  sslrootcert: 'ca',
  sslcert: 'cert',
  sslkey: 'key',
  host: 'host',
  user: 'user',
  password: 'password',
  options: 'options',
  application_name: 'ignored',
  channel_binding: 'ignored',
  connect_timeout: 'ignored',
  target_session_attrs: 'ignored',
  pgbouncer: 'ignored',
}

function sslMode(value: string): Ssl {
  if (value === 'disable') return 'disable'
  if (value === 'verify-full' || value === 'verify-ca') return value
  if (value === 'require' || value === 'prefer' || value === 'allow' || value === 'no-verify') return 'require'
  throw badUrl('Its sslmode must be disable, require, verify-ca or verify-full.')
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
