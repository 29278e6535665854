import { BlockList, isIP } from 'node:net'
import { Fault } from '../model/fault.ts'

/** The environment variables that name proxies; other variables are ignored. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>

/** The proxy for requests to one origin. */
export interface ProxyRoute {
  /** Includes the credentials. */
  readonly uri: string
  /** For messages: `http://proxy.example:3128`, without credentials. */
  readonly label: string
  /** The environment variable that names the proxy. */
  readonly variable: string
  /** Must not appear in any message. */
  readonly secrets: readonly string[]
}

/**
 * The proxy that the environment names for an origin, if any, by curl's rules: HTTPS_PROXY for https://, HTTP_PROXY for
 * http://, lower case first, unless NO_PROXY names the host. Local addresses are no exception: only NO_PROXY counts.
 */
export function proxyRoute(origin: string, env: ProxyVariables): ProxyRoute | undefined {
  const target = new URL(origin)
  const variable = setIn(
    env,
    target.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'],
  )
  if (variable === undefined) return undefined
  const exceptions = setIn(env, ['no_proxy', 'NO_PROXY'])
  if (exceptions !== undefined && isExcepted(target, env[exceptions] ?? '')) return undefined
  return routeThrough(variable, (env[variable] ?? '').trim())
}

function setIn(env: ProxyVariables, names: readonly string[]): string | undefined {
  return names.find((name) => (env[name] ?? '').trim() !== '')
}

function routeThrough(variable: string, text: string): ProxyRoute {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  const credentials = url === undefined ? undefined : decoded(url)
  // The value is not shown: it may hold a password.
  if (url === undefined || credentials === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new Fault('config', `${variable} is not the address of an HTTP proxy`, {
      code: 'bad-proxy',
      advice:
        'Write it like http://proxy.example:3128 or http://user:password@proxy.example:3128. Write special characters as %XX. SOCKS is not supported.',
    })
  }
  const { user, password } = credentials
  return {
    uri: url.href,
    variable,
    label: url.origin,
    secrets: [
      password,
      url.password,
      ...(user === '' ? [] : [`${user}:${password}`, `${url.username}:${url.password}`]),
    ].filter((secret) => secret !== ''),
  }
}

function decoded({ username, password }: URL): { readonly user: string; readonly password: string } | undefined {
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) }
  } catch {
    return undefined
  }
}

/**
 * Entries separated by commas or spaces: `*`, a host with its subdomains, an address, or a network. All but `*` may
 * have a port.
 */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const host = bare(hostname)
  const portOf = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', only] = isIP(entry) === 6 ? ['', entry] : (/^(.+?)(?::(\d+))?$/.exec(entry) ?? [])
      return (only === undefined || only === portOf) && covers(bare(name), host)
    })
}

function covers(entry: string, host: string): boolean {
  const [network = '', bits] = entry.split('/')
  const family = isIP(network)
  if (family !== 0)
    return bits === undefined
      ? network === host || inNetwork(network, family, family === 4 ? 32 : 128, host)
      : inNetwork(network, family, Number(bits), host)
  const name = entry.replace(/^\*?\./, '')
  return host === name || host.endsWith(`.${name}`)
}

function inNetwork(network: string, family: number, bits: number, host: string): boolean {
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  if (isIP(host) !== family || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(network, bits, kind)
  return list.check(host, kind)
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}
