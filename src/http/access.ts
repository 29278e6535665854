import type { HttpPolicy } from '../connect/http-policy.ts'
import type { Token } from '../connect/oauth2.ts'
import { tokenVendor } from './auth/ask-vendor.ts'
import { tokenHolder, type HeldToken, type TokenHolderOptions } from './auth/token-holder.ts'
import { grantSecrets } from './auth/token-request.ts'
import { memoryTokens, type TokenStore } from './auth/token-store.ts'
import { httpBase, type HttpBase } from './http-base.ts'
import type { ProxyRoute, ProxyVariables } from './proxy-route.ts'
import { createWire, type Wire, type WireOptions } from './wire.ts'

/** Where requests go, and with which token. */
export interface Access {
  readonly base: HttpBase
  /** For answers that are collected, and for answers that their caller reads: a slow reader keeps no other call waiting. */
  readonly wires: { readonly collected: Wire; readonly streamed: Wire }
}

/** The access of one client. With OAuth2 it changes with the token; the base URL may change, too. */
export interface AccessSource {
  /** For messages about calls that were never sent. */
  readonly host: string
  readonly proxy: ProxyRoute | undefined
  /** Whether a rejected token can be replaced by a new one. */
  readonly renews: boolean
  /** Undefined: `obtain` it first. */
  current(): Access | undefined
  /** Rejects with a Fault. `rejected`: the access that was answered with 401. */
  obtain(rejected?: Access): Promise<Access>
  /** From now on, waits for a token end at this time. */
  endBy(at: number): void
  /** Breaks all connections; later requests open new ones. */
  reset(): void
  destroy(): Promise<void>
  /** Waits until a granted token is saved. */
  close(): Promise<void>
}

export interface AccessOptions extends Omit<TokenHolderOptions, 'oauth2' | 'vendor' | 'store'> {
  readonly policy: Pick<HttpPolicy, 'auth' | 'baseUrl' | 'headers'>
  readonly proxies: ProxyVariables
  readonly tokens: TokenStore | undefined
  readonly wire: Omit<WireOptions, 'origin' | 'proxy'>
}

/** Throws a Fault if the policy, or the proxy named in the environment, is not usable. */
export function accessSource(options: AccessOptions): AccessSource {
  const { policy, proxies, hide } = options
  const wires = new Map<string, Access['wires']>()
  const accessTo = (baseUrl: string, token: string): Access => {
    const base = httpBase(baseUrl, token, policy.headers, proxies)
    hide([token, ...(base.proxy?.secrets ?? [])])
    const pair = wires.get(base.origin) ?? openWires({ ...options.wire, origin: base.origin, proxy: base.proxy })
    wires.set(base.origin, pair)
    return { base, wires: pair }
  }
  const opened = (): Wire[] => [...wires.values()].flatMap(({ collected, streamed }) => [collected, streamed])
  const connections = {
    reset: () => opened().forEach((wire) => wire.reset()),
    destroy: async () => void (await Promise.all(opened().map((wire) => wire.destroy()))),
  }
  return 'bearer' in policy.auth
    ? { ...connections, ...fixedAccess(accessTo(baseUrlOf(policy, undefined), policy.auth.bearer)) }
    : { ...connections, ...grantedAccess(options, accessTo) }
}

function openWires(options: WireOptions): Access['wires'] {
  return { collected: createWire(options), streamed: createWire({ ...options, connections: null }) }
}

type OwnPart = Omit<AccessSource, 'reset' | 'destroy'>

function fixedAccess(access: Access): OwnPart {
  const { host, proxy } = access.base
  return {
    host,
    proxy,
    renews: false,
    current: () => access,
    obtain: () => Promise.resolve(access),
    endBy() {},
    close: () => Promise.resolve(),
  }
}

function grantedAccess(options: AccessOptions, accessTo: (baseUrl: string, token: string) => Access): OwnPart {
  const { policy, proxies, hide, tokens } = options
  if (!('oauth2' in policy.auth)) throw new Error('the policy has no OAuth2')
  const { oauth2 } = policy.auth
  hide(grantSecrets(oauth2))
  const vendor = tokenVendor({ ...options, oauth2, proxies })
  hide(vendor.proxy?.secrets ?? [])
  const holder = tokenHolder({ ...options, oauth2, vendor, store: tokens ?? memoryTokens() })
  const tokenOf = new WeakMap<Access, HeldToken>()
  let last: { readonly token: HeldToken; readonly access: Access } | undefined
  const accessWith = (token: HeldToken): Access => {
    if (last?.token === token) return last.access
    const access = accessTo(baseUrlOf(policy, token), token.accessToken)
    tokenOf.set(access, token)
    last = { token, access }
    return access
  }
  return {
    get host() {
      return last?.access.base.host ?? vendor.host
    },
    get proxy() {
      return last?.access.base.proxy ?? vendor.proxy
    },
    renews: true,
    current() {
      const token = holder.current()
      // A token that was renewed ahead of its end may come with another base URL, which `obtain` checks.
      return token !== undefined && token === last?.token ? last.access : undefined
    },
    obtain: async (rejected) => accessWith(await holder.obtain(rejected && tokenOf.get(rejected))),
    endBy: holder.endBy,
    close: holder.close,
  }
}

function baseUrlOf({ baseUrl }: Pick<HttpPolicy, 'baseUrl'>, token: Token | undefined): string {
  if (typeof baseUrl === 'string') return baseUrl
  if (token === undefined) throw new Error('a base URL that depends on the token needs OAuth2')
  return baseUrl(token)
}
