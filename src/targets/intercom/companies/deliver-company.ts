import {
  forEachOperation,
  type HttpReply,
  type HttpRequest,
  type Io,
  type Operation,
  type Outcome,
  type Outcomes,
} from '../../../connect/index.ts'
import {
  answeredAt,
  property,
  rejection,
  requestOf,
  shown,
  succeeded,
  text,
  throwIfFault,
  vendorError,
} from '../answer.ts'
import { deliverValidIds, path } from '../identity.ts'
import { showCompany } from './read-company.ts'
import { cannot, settled, uncleared, valuesRejected } from '../record-answer.ts'
import { bodyOf, type FieldTypes } from '../field-values.ts'
import { oddOutcome } from '../replies.ts'

export interface CompanyReady {
  readonly types: FieldTypes
}

/** Maximum clock difference between Intercom's machines, in seconds. */
const tolerance = 2

export function deliverCompanies(io: Io, ready: CompanyReady, operations: readonly Operation[]): Promise<Outcomes> {
  return deliverValidIds(operations, (valid) =>
    forEachOperation(valid, (operation) => deliverCompany(io, ready, operation)),
  )
}

async function deliverCompany(io: Io, ready: CompanyReady, operation: Operation): Promise<Outcome> {
  switch (operation.kind) {
    case 'create':
      return createCompany(io, ready, operation)
    case 'upsert':
      return postCompany(io, ready, operation)
    case 'update':
      return updateCompany(io, ready, operation)
    default:
      return deleteCompany(io, operation)
  }
}

/** The call that creates also updates, so a direct read first checks whether the company exists. */
async function createCompany(io: Io, ready: CompanyReady, operation: Operation): Promise<Outcome> {
  const value = companyIdOf(operation)
  const there = value === undefined ? null : await showCompany(io, { field: 'company_id', value })
  if (there === null) return postCompany(io, ready, operation)
  return existsAlready(shown(value ?? ''), text(property(there.body, 'id')), there.reply)
}

function existsAlready(companyId: string, id: string | undefined, reply: HttpReply): Outcome {
  return {
    status: 'rejected',
    code: 'already-exists',
    httpStatus: reply.status,
    ...requestOf(reply),
    ...(id === undefined ? {} : { targetId: id }),
    message: `A company with company_id "${companyId}" exists already${id === undefined ? '' : ` (id ${id})`}. It was not changed.`,
  }
}

function companyIdOf({ identity, identities = [] }: Operation): string | undefined {
  return [identity, ...identities].find(({ field }) => field === 'company_id')?.value
}

/** Creates or updates by company_id. Safe to repeat. */
async function postCompany(io: Io, { types }: CompanyReady, operation: Operation): Promise<Outcome> {
  const companyId = companyIdOf(operation)
  if (companyId === undefined)
    return cannot('invalid-value', 'Intercom creates a company only with a company_id, and this record has none.')
  const fields = operation.fields ?? {}
  const post = (): Promise<HttpReply> =>
    write(
      io,
      {
        method: 'POST',
        path: '/companies',
        body: { ...bodyOf(fields, types), company_id: companyId },
        repeatable: true,
      },
      'write',
    )
  let reply = await post()
  // Another call created the company at the same moment (intercom-node issue 461): send again, now as an update.
  if (isRace(reply) && operation.kind === 'upsert') reply = await post()
  if (isRace(reply) && operation.kind === 'create') return existsAlready(shown(companyId), undefined, reply)
  if (isRace(reply))
    return { status: 'on-hold', code: 'conflict', message: vendorError(reply).message, ...requestOf(reply) }
  if (!succeeded(reply)) return valuesRejected(reply, 'company', operation)
  return settled(
    reply,
    'POST /companies',
    'company',
    { ...fields, company_id: companyId },
    types,
    isNew(reply) ? 'created' : 'changed',
  )
}

function isRace(reply: HttpReply): boolean {
  return !succeeded(reply) && vendorError(reply).code === 'unique_company_constraint'
}

/**
 * The answer is the same for new and existing companies. A company counts as created only if it was created when
 * Intercom answered and not changed since: an undo deletes created companies, and must not delete an external one.
 */
function isNew(reply: HttpReply): boolean {
  const createdAt = property(reply.body, 'created_at')
  const now = answeredAt(reply)
  return (
    typeof createdAt === 'number' &&
    now !== undefined &&
    createdAt >= now - tolerance &&
    property(reply.body, 'updated_at') === createdAt
  )
}

/**
 * `PUT /companies/{id}` does not accept remote_created_at (Intercom-OpenAPI 2.16): write it by company_id, which a
 * read finds first.
 */
async function updateCompany(io: Io, { types }: CompanyReady, operation: Operation): Promise<Outcome> {
  const { identity, fields = {} } = operation
  const stuck = uncleared(fields, types)
  if (stuck !== undefined) return stuck
  const byCompanyId = 'remote_created_at' in fields
  const there = byCompanyId || identity.field !== 'id' ? await showCompany(io, identity) : undefined
  if (there === null)
    return cannot(
      'not-found',
      `Intercom has no company with ${identity.field} "${shown(identity.value)}".`,
      identity.field,
    )
  const id = there === undefined ? identity.value : (text(property(there.body, 'id')) ?? identity.value)
  const companyId = text(property(there?.body, 'company_id'))
  const body = bodyOf(fields, types)
  const reply = await write(
    io,
    byCompanyId && companyId !== undefined
      ? { method: 'POST', path: '/companies', body: { ...body, company_id: companyId }, repeatable: true }
      : { method: 'PUT', path: path('companies', id), body, repeatable: true },
    'write',
  )
  return succeeded(reply)
    ? settled(reply, byCompanyId ? 'POST /companies' : 'PUT /companies/{id}', 'company', fields, types)
    : valuesRejected(reply, 'company', operation)
}

/** A 404 counts as done: an earlier attempt whose answer was lost may have deleted the company. */
async function deleteCompany(io: Io, { identity }: Operation): Promise<Outcome> {
  const reply = await write(
    io,
    { method: 'DELETE', path: path('companies', identity.value), repeatable: true },
    'delete',
  )
  if (reply.status === 404) return { status: 'in-place', ...requestOf(reply) }
  if (!succeeded(reply)) return rejection(reply, 'company', identity)
  if (property(reply.body, 'deleted') === true)
    return { status: 'delivered', targetId: identity.value, ...requestOf(reply) }
  return oddOutcome('DELETE /companies/{id}', reply, 'did not confirm the deletion')
}

async function write(io: Io, request: Omit<HttpRequest, 'effect'>, doing: string): Promise<HttpReply> {
  const reply = await io.http.send({ ...request, effect: 'write' })
  throwIfFault(reply, `${doing} companies`)
  return reply
}
