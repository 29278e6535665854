import { Fault, type HttpReply, type Identity, type Outcome, type RejectionCode } from '../../connect/index.ts'

/**
 * The first error of Intercom's envelope `{ type: 'error.list', errors: [{ code, message }] }`. Intercom rewords
 * messages often, codes and statuses less often.
 */
export function vendorError(reply: HttpReply): { readonly code: string; readonly message: string } {
  const errors = property(reply.body, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  return { code: text(property(first, 'code')) ?? '', message: (text(property(first, 'message')) ?? '').slice(0, 300) }
}

export function succeeded(reply: HttpReply): boolean {
  return reply.status >= 200 && reply.status < 300
}

/** A property of a parsed JSON value of any type; undefined where the value is not an object. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** Ids are strings, and in some answers numbers. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** Unix seconds by Intercom's clock when it answered; undefined where the answer has no `date` header. */
export function answeredAt(reply: HttpReply): number | undefined {
  const ms = Date.parse(reply.headers['date'] ?? '')
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}

/** Details for an Outcome or a Fault: which request it came from. */
export function requestOf(reply: HttpReply): { readonly requestId?: string } {
  return reply.requestId === undefined ? {} : { requestId: reply.requestId }
}

/** Throws when the answer is a failure of the whole Run, not of one Record. `doing`: "attach tags to contacts". */
export function throwIfFault(reply: HttpReply, doing: string): void {
  const { code, message } = vendorError(reply)
  const details = requestOf(reply)
  if (reply.status === 401) {
    throw new Fault('auth', `Intercom rejected the access token: ${message || code}.`, {
      code: 'unauthorized',
      advice: "Set the target's `token` to a valid access token.",
      ...details,
    })
  }
  if ((reply.status === 402 || reply.status === 403) && code === 'api_plan_restricted') {
    throw new Fault('auth', `Your Intercom subscription does not allow to ${doing}: ${message || code}.`, {
      code: 'plan-restricted',
      advice: "Check the workspace's subscription in Intercom.",
      ...details,
    })
  }
  const scope = missingScope(reply)
  if (scope !== undefined) {
    throw new Fault(
      'auth',
      `The access token has no permission to ${doing}: it lacks "${scopeName(scope)}" (${scope}).`,
      {
        code: 'missing-scope',
        advice: scopeAdvice(scopeName(scope)),
        ...details,
      },
    )
  }
  if (code === 'intercom_version_invalid') {
    throw new Fault('config', `Intercom does not accept this API version: ${message || code}.`, {
      code: 'api-version-refused',
      advice: "Set the target's `apiVersion` to one that Intercom still serves.",
      ...details,
    })
  }
}

/** The missing scope in a 403: "You do not have the required scope (read_conversations) to access this resource". */
export function missingScope(reply: HttpReply): string | undefined {
  return reply.status === 403 ? /required scopes? \(([^)]+)\)/i.exec(vendorError(reply).message)?.[1] : undefined
}

const scopeNames: Readonly<Record<string, string>> = {
  read_tags: 'Read tags',
  write_tags: 'Write tags',
  read_admins: 'Read admins',
  read_conversations: 'Read conversations',
  write_conversations: 'Write conversations',
  read_tickets: 'Read tickets',
  write_tickets: 'Write tickets',
  read_users_companies: 'Read and list users and companies',
  write_users_companies: 'Write users and companies',
}

/** The label in the Developer Hub; an unknown scope id is returned as it is. */
export function scopeName(scope: string): string {
  return scopeNames[scope] ?? scope
}

export function scopeAdvice(name: string): string {
  return (
    `In Intercom's Developer Hub open your app > Configure > Authentication, select "${name}" and save; ` +
    'an OAuth app must then be authorised again.'
  )
}

const codeOfStatus: Readonly<Record<number, RejectionCode>> = {
  400: 'invalid-value',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'not-found',
  413: 'too-large',
  414: 'too-large',
  422: 'invalid-value',
}

/** The Outcome of one Record for an error answer. `noun`: "contact". Call `throwIfFault` first. */
export function rejection(reply: HttpReply, noun: string, identity: Identity): Outcome {
  const code = codeOfStatus[reply.status] ?? 'refused'
  return {
    status: 'rejected',
    code,
    httpStatus: reply.status,
    field: identity.field,
    ...requestOf(reply),
    message:
      code === 'not-found' ? missingWords(noun, identity) + mergedWords(reply) : rejectedWords(reply, noun, identity),
  }
}

/** The Outcome of a Record whose target record does not exist, according to an answer that covers several Records. */
export function notFound(noun: string, identity: Identity, reply: HttpReply): Outcome {
  return {
    status: 'rejected',
    code: 'not-found',
    field: identity.field,
    httpStatus: reply.status,
    ...requestOf(reply),
    message: missingWords(noun, identity),
  }
}

function missingWords(noun: string, { field, value }: Identity): string {
  return `Intercom has no ${noun} with ${field} "${shown(value)}".`
}

function rejectedWords(reply: HttpReply, noun: string, { field, value }: Identity): string {
  const { code, message } = vendorError(reply)
  return `Intercom rejected the ${noun} with ${field} "${shown(value)}": ${message || code || `status ${reply.status}`}.`
}

/** From 2.16 a merged contact answers 410 with `Link: </contacts/{id}>; rel="canonical"`. */
export function mergedWords(reply: HttpReply): string {
  if (reply.status !== 410) return ''
  const survivor = /<[^>]*\/contacts\/([^>/]+)>/.exec(reply.headers['link'] ?? '')?.[1]
  return survivor === undefined ? ' It was merged into another one.' : ` It was merged into ${survivor}: use that id.`
}

/** Shortens a value for messages: a 10 kB identifier must not fill a log. */
export function shown(value: string): string {
  return value.length > 120 ? `${value.slice(0, 120)}…` : value
}
