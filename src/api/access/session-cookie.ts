import { createHash, timingSafeEqual } from 'node:crypto'
import type { Sealer } from '../../store/project/sealer.ts'

const cookieName = 'tailrace_session'
const daysValid = 7

/** Compares in constant time, so that the duration does not reveal where the texts differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** A token that the server does not store. It is invalid once it expires, or if the password or server key changes. */
export function sessionToken(sealer: Sealer, password: string, now: number): string {
  const until = now + daysValid * 86_400_000
  return `${until}.${signature(sealer, password, String(until))}`
}

export function isSession(sealer: Sealer, password: string, token: string, now: number): boolean {
  const [until = '', signed = ''] = token.split('.')
  return sameText(signed, signature(sealer, password, until)) && Number(until) > now
}

export function setCookie(token: string, isSecure: boolean): string {
  return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${daysValid * 86_400}${isSecure ? '; Secure' : ''}`
}

export function cookieIn(header: string | undefined): string | undefined {
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1)
}

function signature(sealer: Sealer, password: string, until: string): string {
  return sealer.digest(JSON.stringify(['session', password, until]))
}
