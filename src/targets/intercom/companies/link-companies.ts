import {
  forEachOperation,
  type HttpReply,
  type Io,
  type Operation,
  type Outcome,
  type Outcomes,
  nameOfAbsentGroup,
} from '../../../connect/index.ts'
import { property, rejection, requestOf, shown, succeeded, text, throwIfFault, vendorError } from '../answer.ts'
import { companiesOfContact } from './read-contact-companies.ts'
import { deliverValidIds, path } from '../identity.ts'
import { showCompany } from './read-company.ts'
import { oddOutcome } from '../replies.ts'
import { companyIdOf, companyNotFound, forgetCompany, whyMissing, type Ready } from './resolve-companies.ts'

/** Puts contacts into companies or takes them out: one call per contact and company, safe to repeat. */
export function linkCompanies(io: Io, ready: Ready, operations: readonly Operation[]): Promise<Outcomes> {
  return deliverValidIds(operations, (valid) =>
    forEachOperation(valid, (operation) => link(io, ready, operation, operation.group)),
  )
}

async function link(io: Io, ready: Ready, operation: Operation, companyId: string): Promise<Outcome> {
  if (nameOfAbsentGroup(companyId) !== undefined) return withoutCompany(ready, companyId)
  const {
    kind,
    identity: { value: contactId },
  } = operation
  const at = ['contacts', contactId, 'companies']
  const reply = await io.http.send({
    ...(kind === 'attach'
      ? { method: 'POST', path: path(...at), body: { id: companyId } }
      : { method: 'DELETE', path: path(...at, companyId) }),
    effect: 'write',
    repeatable: true,
  })
  throwIfFault(reply, kind === 'attach' ? 'add contacts to companies' : 'remove contacts from companies')
  if (!succeeded(reply)) return explainRejection(io, ready, operation, companyId, reply)
  if (text(property(reply.body, 'id')) === companyId) return { status: 'delivered', ...requestOf(reply) }
  return oddOutcome(
    kind === 'attach' ? 'POST /contacts/{id}/companies' : 'DELETE /contacts/{id}/companies/{company_id}',
    reply,
    'did not name the company',
  )
}

/** The contact or the company may be missing. Where Intercom's message does not say which, read both. */
async function explainRejection(
  io: Io,
  ready: Ready,
  operation: Operation,
  companyId: string,
  reply: HttpReply,
): Promise<Outcome> {
  const { code, message } = vendorError(reply)
  if (reply.status === 410) return rejection(reply, 'contact', operation.identity)
  if (code === 'contact_company_limit_exceeded')
    return { ...ofCompany(ready, companyId, operation, reply), code: 'refused' }
  if (reply.status !== 404) return ofCompany(ready, companyId, operation, reply)
  if (code === 'not_found' && /^(user|contact) not found$/i.test(message))
    return rejection(reply, 'contact', operation.identity)
  if (operation.kind === 'detach') return notTakenOut(io, ready, operation, companyId, reply)
  if ((await showCompany(io, { field: 'id', value: companyId })) === null)
    return companyGone(io, ready, companyId, reply)
  if ((await companiesOfContact(io, operation.identity)) === null)
    return rejection(reply, 'contact', operation.identity)
  return ofCompany(
    ready,
    companyId,
    operation,
    reply,
    `Intercom answered ${message || code || '404'}, although both the contact and the company exist.`,
  )
}

/** What Intercom answers for a company that the contact is not in is undocumented, so read the contact's companies. */
async function notTakenOut(
  io: Io,
  ready: Ready,
  operation: Operation,
  companyId: string,
  reply: HttpReply,
): Promise<Outcome> {
  const held = await companiesOfContact(io, operation.identity)
  if (held === null) return rejection(reply, 'contact', operation.identity)
  if (!held.some(({ id }) => id === companyId)) return { status: 'in-place', ...requestOf(reply) }
  const { code, message } = vendorError(reply)
  return ofCompany(
    ready,
    companyId,
    operation,
    reply,
    `Intercom answered ${message || code || '404'}, although the contact is in the company.`,
  )
}

/**
 * A missing company from the settings affects every Record, so it is a Fault. One from a column rejects only the
 * Records that name it.
 */
async function companyGone(io: Io, ready: Ready, companyId: string, reply: HttpReply): Promise<Outcome> {
  await forgetCompany(io, ready, companyId)
  if (ready.rowsNameThem) return { ...withoutCompany(ready, companyId), httpStatus: reply.status, ...requestOf(reply) }
  throw companyNotFound(`The company ${nameOf(ready, companyId)} no longer exists in Intercom.`)
}

type Rejected = Extract<Outcome, { status: 'rejected' }>

function withoutCompany(ready: Ready, companyId: string): Rejected {
  return {
    status: 'rejected',
    code: 'not-found',
    message:
      whyMissing(companyId) ??
      `Intercom has no company with company_id "${shown(companyIdOf(ready, companyId) ?? companyId)}" any more.`,
  }
}

function ofCompany(ready: Ready, companyId: string, operation: Operation, reply: HttpReply, words?: string): Rejected {
  const outcome = rejection(reply, 'contact', operation.identity) as Rejected
  return {
    ...outcome,
    code: words === undefined ? outcome.code : 'refused',
    message: `Company ${nameOf(ready, companyId)}: ${words ?? outcome.message}`,
  }
}

function nameOf(ready: Ready, companyId: string): string {
  const own = companyIdOf(ready, companyId)
  return own === undefined ? `with id ${companyId}` : `"${shown(own)}"`
}
