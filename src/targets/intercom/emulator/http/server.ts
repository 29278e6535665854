import type { Server } from 'node:http'
import type { Answer } from '../../../../emulator-kit/answer.ts'
import { createApiServer } from '../../../../emulator-kit/api-server.ts'
import type { Effect } from '../../../../emulator-kit/faults.ts'
import type { Meter } from '../../../../emulator-kit/fixed-window.ts'
import type { Session } from '../session.ts'
import { answerOf, versionOf, type Grant } from './admission.ts'
import { reject } from './answer.ts'
import { envelopes } from './envelopes.ts'
import type { Route } from './route.ts'

const unauthorized = reject(401, 'unauthorized', 'Access Token Invalid')

/** A request with a valid token, and its place in the rate window. */
interface Admission {
  readonly grant: Grant
  readonly meter: Meter
}

/** Intercom's API on the state of `session`. */
export function createIntercomServer(session: Session, control: Parameters<typeof createApiServer>[1]): Server {
  const version = (header: string | undefined) => versionOf(header, session.workspace)
  return createApiServer<Route, Admission>(
    {
      requestIdHeader: 'X-Request-Id',
      envelopes,
      route: session.route,
      get now() {
        return session.workspace.settings.now
      },
      latencyMs: () => session.workspace.settings.latencyMs,
      faults: () => session.faults,
      log: () => session.log,
      admit({ header }) {
        const grant = session.tokens.find(header('authorization'))
        if (grant === undefined) return { rejection: unauthorized }
        const meter = session.rate.take(grant.app, session.workspace.settings.now())
        const admission = { grant, meter }
        return meter.rejected === null ? { admission } : { rejection: rateLimited(session, meter), admission }
      },
      arrived: ({ method, path, requestId }) => session.watcher.request?.({ method, path, requestId }),
      answer({ match, query, text, requestId, header }, { grant }) {
        session.serving = requestId
        const answer = answerOf({
          workspace: session.workspace,
          match,
          grant,
          planRestricted: session.planRestricted,
          query,
          version: version(header('intercom-version')),
          accept: header('accept'),
          contentType: header('content-type'),
          text,
        })
        session.serving = undefined
        return answer
      },
      revoke({ grant }) {
        grant.revoked = true
        return unauthorized
      },
      headers({ header }, admission, effect) {
        const meter = admission && shown(admission.meter, effect)
        return {
          'Intercom-Version': version(header('intercom-version'))?.name ?? session.workspace.settings.defaultVersion,
          ...(meter && {
            'X-RateLimit-Limit': meter.limit,
            'X-RateLimit-Remaining': meter.remaining,
            'X-RateLimit-Reset': meter.reset,
          }),
        }
      },
      errorBody: (error, requestId) => ({ type: 'error.list', request_id: requestId, errors: [error] }),
      versionOf: ({ header }) => header('intercom-version') ?? null,
    },
    control,
  )
}

function rateLimited(session: Session, { limit, rejected }: Meter): Answer {
  return rejected === 'app'
    ? reject(429, 'rate_limit_exceeded', `Exceeded rate limit of ${limit} in 10_seconds`)
    : reject(
        429,
        'rate_limit_exceeded',
        `Exceeded workspace rate limit of ${session.workspace.settings.workspaceLimit} in 10_seconds`,
      )
}

/** The rate headers of an answer with a fault: a web server in front of Intercom sends none. */
function shown(meter: Meter, effect: Effect | null): Meter | undefined {
  if (effect === null) return meter
  if (effect.type === 'html' || effect.type === 'empty') return undefined
  if (effect.type !== 'status' || effect.rateHeaders === 'healthy') return meter
  return effect.rateHeaders === 'none' ? undefined : { ...meter, remaining: 0 }
}
