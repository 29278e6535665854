import { Fault } from '../../model/fault.ts'
import { sameText } from './session-cookie.ts'

/** Checks passwords, and doubles the waiting time after repeated wrong ones. */
export interface LoginThrottle {
  /** Throws a Fault `wrong-password`, or `too-many-tries` during the waiting time. */
  check(given: string, from: string): void
}

const freeTries = 3
const longestWaitMs = 60_000
const mostRemembered = 10_000

/** `from` is the client's address. After 3 wrong passwords each further one doubles the wait of that network. */
export function createLoginThrottle(password: string, now: () => number): LoginThrottle {
  const failures = new Map<string, { readonly count: number; readonly until: number }>()
  return {
    check(given, address) {
      const from = networkOf(address)
      const before = failures.get(from)
      if (before !== undefined && before.until > now()) {
        throw new Fault('blocked', `Too many wrong passwords. Wait ${Math.ceil((before.until - now()) / 1000)} s.`, {
          code: 'too-many-tries',
          advice: 'Wait, then try again.',
        })
      }
      if (sameText(given, password)) return void failures.delete(from)
      const count = (before?.count ?? 0) + 1
      failures.delete(from)
      failures.set(from, {
        count,
        until: count <= freeTries ? 0 : now() + Math.min(longestWaitMs, 1000 * 2 ** (count - freeTries - 1)),
      })
      const [oldest] = failures.keys()
      if (failures.size > mostRemembered && oldest !== undefined) failures.delete(oldest)
      throw new Fault('auth', 'The password is wrong.', {
        code: 'wrong-password',
        advice: 'The password is the value of TAILRACE_PASSWORD in the environment of the server.',
      })
    },
  }
}

/** The IPv4 address, or the first 64 bits of an IPv6 address: a client usually controls its whole /64 network. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [before = '', after] = address.replace(/%.*$/, '').split('::')
  const [first, last] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  return [
    ...(first ?? []),
    ...Array<string>(Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0))).fill('0'),
    ...(last ?? []),
  ]
    .slice(0, 4)
    .join(':')
}
