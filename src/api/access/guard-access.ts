import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../model/fault.ts'
import { createLoginThrottle } from './login-throttle.ts'
import type { Services } from '../services.ts'
import { cookieIn, isSession } from './session-cookie.ts'
import { signIn } from '../status/contract.ts'

const thisMachine = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i
const reading = ['GET', 'HEAD', 'OPTIONS']

/**
 * Access rules for every request. A page of another site can send requests from the browser of the person who runs this
 * server. So without a password the Host header must name this machine, and a request that changes something must come
 * from the server's own pages or from a program (no Origin).
 */
export function guardAccess(app: FastifyInstance, { access, sealer, now }: Services): void {
  const loginThrottle = access.kind === 'password' ? createLoginThrottle(access.password, now) : undefined
  app.decorate('checkPassword', (given: string, from: string) => loginThrottle?.check(given, from))
  app.addHook('onRequest', async (request) => {
    if (access.kind === 'local' && !thisMachine.test(request.headers.host ?? '')) throw foreignHost()
    if (!reading.includes(request.method)) rejectForeignOrigin(request)
    if (access.kind === 'local' || !asksApi(request) || request.routeOptions.url === signIn.path) return
    const { authorization = '', cookie } = request.headers
    // An Authorization header of another scheme belongs to a proxy; ignore it.
    const given = /^Bearer +(.*)$/i.exec(authorization)?.[1]
    if (given !== undefined) return loginThrottle?.check(given, request.ip)
    const token = cookieIn(cookie)
    if (token === undefined || !isSession(sealer, access.password, token, now())) throw signInRequired()
  })
}

/** Uses the matched route, not only the path as written: `/%61pi` also leads to the API. */
export function asksApi({ routeOptions, url }: FastifyRequest): boolean {
  const route = routeOptions.url ?? ''
  return isApi(route) || isApi(url)
}

function isApi(path: string): boolean {
  return /^\/api(\/|\?|$)/.test(path)
}

function rejectForeignOrigin({ headers: { origin, host, 'sec-fetch-site': site } }: FastifyRequest): void {
  const isOwnOrigin =
    origin === undefined
      ? site === undefined || site === 'same-origin' || site === 'none'
      : URL.canParse(origin) && new URL(origin).host === host
  if (isOwnOrigin) return
  throw new Fault('blocked', 'The request comes from a page of another site.', {
    code: 'foreign-origin',
    advice: "Use the server's own web UI. Programs must send the request without an Origin header.",
  })
}

function foreignHost(): Fault {
  return new Fault(
    'blocked',
    'This server accepts requests only from this machine, and the Host header has another name.',
    {
      code: 'foreign-host',
      advice:
        'Open http://localhost or http://127.0.0.1. Or start the server with a password (TAILRACE_PASSWORD) and --host.',
    },
  )
}

function signInRequired(): Fault {
  return new Fault('auth', 'Sign in first.', {
    code: 'sign-in-required',
    advice: 'POST the password to /api/session, or send it as "Authorization: Bearer <password>".',
  })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Throws a Fault if the password is wrong. Does nothing if the server has no password. */
    checkPassword: (given: string, from: string) => void
  }
}
