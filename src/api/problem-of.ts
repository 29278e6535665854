import type { FastifyError } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ConfigFault } from '../config/problem-list.ts'
import { catalogue } from '../catalogue.ts'
import { Fault, type FaultKind } from '../model/fault.ts'
import { machineFault } from '../model/machine-trouble.ts'
import { databaseTrouble, isDatabaseTrouble } from '../store/database/database-trouble.ts'
import { DraftFault } from './project/draft-fault.ts'
import type { Problem } from './shared.ts'

const statusOfKind: Readonly<Record<FaultKind, number>> = {
  usage: 422,
  config: 422,
  auth: 502,
  transient: 503,
  blocked: 409,
  stopped: 409,
  cancelled: 409,
  bug: 500,
}

const statusOfCode: Readonly<Record<string, number>> = {
  'sign-in-required': 401,
  'wrong-password': 401,
  'foreign-host': 403,
  'foreign-origin': 403,
  'no-such-path': 404,
  'activation-not-found': 404,
  'connection-not-found': 404,
  'run-not-found': 404,
  'object-not-found': 404,
  'name-taken': 409,
  'already-running': 409,
  'activation-frozen': 409,
  'changed-meanwhile': 412,
  'etag-required': 428,
  'too-many-tries': 429,
}

const titles = new Map(catalogue.flatMap(({ entries }) => entries.map(({ code, title }) => [code, title])))

/** Converts an error to an RFC 9457 problem. For a bug it reveals no internal details. */
export function problemOf(thrown: unknown): Problem {
  const error = Fault.is(thrown) ? thrown : (machineFault(thrown) ?? thrown)
  if (Fault.is(error) && error.kind !== 'bug') {
    const errors = errorsOf(error)
    const only = errors.length === 1 ? errors[0]?.code : undefined
    return problem(
      statusOfCode[only ?? ''] ?? statusOfCode[error.code] ?? statusOfKind[error.kind],
      error.code,
      error.message,
      {
        advice: error.advice ?? null,
        requestId: error.requestId ?? null,
        errors,
      },
    )
  }
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error)
  const { statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>
  if (statusCode >= 400 && statusCode < 500)
    return problem(statusCode, statusCode === 404 ? 'no-such-path' : 'request-invalid', message, {
      advice: 'See /api/openapi.json for valid requests.',
    })
  // Routes query the control database directly, so its raw errors arrive here.
  const lack = isDatabaseTrouble(error) ? databaseTrouble(error) : undefined
  if (lack !== undefined && lack.code !== 'database-unavailable')
    return problem(503, lack.code, `${lack.words}.`, { advice: lack.advice })
  if (lack !== undefined)
    return problem(503, 'database-unavailable', 'The control database cannot be used at the moment.', {
      advice:
        'Try again in a moment. If the error remains, check that the database runs, and check the log of the server.',
    })
  const code = Fault.is(error) ? error.code : 'unexpected'
  return problem(500, code, 'An unexpected error occurred.', {
    advice: 'This is a bug in Tailrace: please report it with the log of the server.',
  })
}

/** Problems of a config file all point to `/yaml`; the detail gives line and column. */
function errorsOf(fault: Fault): Problem['errors'] {
  if (fault instanceof DraftFault) return [...fault.errors]
  if (!(fault instanceof ConfigFault)) return []
  return fault.problems.map(({ line, column, path, message }) => ({
    pointer: '/yaml',
    detail: `line ${line}, column ${column}: ${path === '' ? '' : `${path}: `}${message}`,
    code: fault.code,
  }))
}

function invalidRequest(
  error: FastifyError & {
    readonly validation: readonly { readonly instancePath: string; readonly message?: string }[]
  },
): Problem {
  if (error.validationContext === 'params') return problem(404, 'no-such-path', 'There is nothing at this path.', {})
  const isBody = error.validationContext === 'body'
  const errors = error.validation.map(({ instancePath, message = 'is not valid' }) => ({
    pointer: instancePath === '/' ? '' : instancePath,
    detail: message,
    code: 'request-invalid',
  }))
  const [first] = errors
  return problem(
    422,
    'request-invalid',
    `${isBody ? 'The body' : 'The query of the URL'} is invalid: ${first?.pointer.slice(1) ?? ''} ${first?.detail ?? ''}`.trim(),
    {
      advice: 'See /api/openapi.json for valid requests.',
      errors,
    },
  )
}

function problem(status: number, code: string, detail: string, more: Partial<Problem>): Problem {
  return {
    type: `urn:tailrace:${code}`,
    title: titles.get(code) ?? 'The request failed',
    status,
    detail,
    code,
    advice: null,
    errors: [],
    requestId: null,
    ...more,
  }
}
