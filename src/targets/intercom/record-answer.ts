import {
  isEmpty,
  type Effect,
  type Fields,
  type FieldValue,
  type HttpReply,
  type Operation,
  type Outcome,
  type RejectionCode,
} from '../../connect/index.ts'
import { property, rejection, requestOf, shown, text, vendorError } from './answer.ts'
import { customName, fromWire, isMoment, landed, rawValue, type FieldTypes } from './field-values.ts'
import { oddOutcome, targetRecord } from './replies.ts'

/**
 * The Outcome of a write whose answer shows the target record: delivered only if it stores every value that was sent.
 * Intercom silently ignores some values: of archived attributes, the external_id of leads, an external_id of null
 * (recorded, 2021).
 */
export function settled(
  reply: HttpReply,
  request: string,
  noun: string,
  asked: Fields,
  types: FieldTypes,
  effect?: Effect,
): Outcome {
  const read = targetRecord.safeParse(reply.body)
  if (!read.success) return oddOutcome(request, reply, `did not show the ${noun} as documented`)
  const { id: targetId } = read.data
  const odd = Object.keys(asked).find((field) => isNoValue(reply.body, field))
  if (odd !== undefined) return oddOutcome(request, reply, `did not show ${odd} as documented`)
  const answered = { targetId, ...(effect === undefined ? {} : { effect }), ...requestOf(reply) }
  const kept = Object.entries(asked).map(([field, value]) => ({
    field,
    value,
    held: storedValue(reply.body, field, value, types),
  }))
  const ignored = kept.filter(({ field, value, held }) => !landed(field, value, held))
  const [first] = ignored
  if (first === undefined) {
    const otherwise = kept.filter(({ value, held }) => value !== held && !(isEmpty(value) && isEmpty(held)))
    return {
      status: 'delivered',
      ...answered,
      ...(otherwise.length > 0 && { holds: Object.fromEntries(otherwise.map(({ field, held }) => [field, held])) }),
    }
  }
  const others = ignored.slice(1).map(({ field }) => field)
  return {
    status: 'rejected',
    code: isCut(first) ? 'too-large' : 'refused',
    field: first.field,
    httpStatus: reply.status,
    ...answered,
    message: `${ignoredWords(first)}${others.length === 0 ? '' : ` The same applies to ${others.join(', ')}.`}${
      Object.keys(asked).length > ignored.length ? ' All other fields were set.' : ''
    }`,
  }
}

/** An object or a list where a single value is expected, or an answer without any custom attributes. */
function isNoValue(shown: unknown, field: string): boolean {
  if (customName(field) !== undefined && property(shown, 'custom_attributes') === undefined) return true
  const raw = rawValue(shown, field)
  return typeof raw === 'object' && raw !== null
}

interface Ignored {
  readonly field: string
  readonly value: FieldValue
  readonly held: FieldValue
}

function ignoredWords({ field, value, held }: Ignored): string {
  if (isCut({ field, value, held }))
    return `Intercom cut ${field} from ${String(value).length} characters to ${String(held).length}.`
  const instead = isEmpty(held) ? 'it is empty' : `it holds ${shown(String(held))}`
  if (field === 'external_id')
    return `Intercom did not accept the external_id: ${instead}. A lead keeps the external_id that Intercom assigned. A user can have yours.`
  return isEmpty(value)
    ? `Intercom did not empty ${field}: ${instead}.`
    : `Intercom did not accept the value of ${field}, and gave no reason: ${instead}. Check whether the field is archived, or does not apply to this record.`
}

function isCut({ value, held }: Ignored): boolean {
  return (
    typeof value === 'string' &&
    typeof held === 'string' &&
    held !== '' &&
    held.length < value.length &&
    value.startsWith(held)
  )
}

/**
 * The value as Intercom stores it. For a field without a known type, such as one just created, the type of the sent
 * value is used.
 */
function storedValue(targetRecord: unknown, field: string, asked: FieldValue, types: FieldTypes): FieldValue {
  const guess = typeof asked === 'number' ? 'decimal' : typeof asked === 'boolean' ? 'boolean' : 'text'
  const type = types.get(field)?.type ?? guess
  // Up to 2.16 Intercom's list gives timestamps the type `date`.
  return fromWire(type === 'date' && isMoment(asked) ? 'timestamp' : type, rawValue(targetRecord, field))
}

/**
 * The Outcome for a write of values that Intercom rejected. Names the field at fault where Intercom's message does.
 * Call `throwIfFault` first.
 */
export function valuesRejected(
  reply: HttpReply,
  noun: string,
  { identity, fields = {}, identities = [] }: Operation,
): Outcome {
  const outcome = rejection(reply, noun, identity)
  if (outcome.status !== 'rejected' || outcome.code === 'not-found') return outcome
  const { code, message } = vendorError(reply)
  const names = [...Object.keys(fields), ...identities.map(({ field }) => field)]
  const field = blamed(message, text(property(firstError(reply), 'field')), names)
  const advice = adviceFor(code, message)
  const { field: _identifier, ...rest } = outcome
  return {
    ...rest,
    ...(field === undefined ? {} : { field }),
    message: `${outcome.message}${field === undefined ? '' : ` Field: ${field}.`}${advice}`,
  }
}

function firstError(reply: HttpReply): unknown {
  const errors = property(reply.body, 'errors')
  return Array.isArray(errors) ? errors[0] : undefined
}

function blamed(message: string, named: string | undefined, names: readonly string[]): string | undefined {
  if (/owner specified/i.test(message)) return 'owner_id'
  if (/converted to a lead/i.test(message)) return 'role'
  const attribute = /custom attribute '([^']+)'/i.exec(message)?.[1]
  if (attribute !== undefined) return `custom_attributes.${attribute}`
  const exact = named === undefined ? undefined : names.find((name) => name === named || customName(name) === named)
  return (
    exact ?? [...names].sort((a, b) => b.length - a.length).find((name) => mentions(message, customName(name) ?? name))
  )
}

function mentions(message: string, name: string): boolean {
  return (
    ` ${message.toLowerCase()} `
      .split(/[^\p{L}\p{N}_.-]+/u)
      .some((word) => word.replace(/\.$/, '') === name.toLowerCase()) ||
    message.includes(`'${name}'`) ||
    message.includes(`"${name}"`)
  )
}

function adviceFor(code: string, message: string): string {
  if (/custom attribute '[^']+' does not exist/i.test(message))
    return ' Create the attribute in Intercom, or set createFields: true.'
  if (/owner specified/i.test(message)) return ' The value must be the id of a teammate of the workspace.'
  if (/converted to a lead/i.test(message)) return ' Remove role, or set it to user.'
  return code === 'custom_data_limit_reached' ? ' Archive attributes in Intercom that are no longer needed.' : ''
}

/** The Outcome of an Operation that Intercom cannot carry out, known before anything is sent. */
export function cannot(code: RejectionCode, message: string, field?: string): Outcome {
  return { status: 'rejected', code, message, ...(field === undefined ? {} : { field }) }
}

/** The Outcome when a field must be cleared that Intercom cannot clear; undefined when there is none. */
export function uncleared(fields: Fields, types: FieldTypes): Outcome | undefined {
  const stuck = Object.keys(fields).find((field) => isEmpty(fields[field]) && types.get(field)?.neverEmpty === true)
  return stuck === undefined
    ? undefined
    : cannot('invalid-value', `Intercom cannot empty ${stuck} once it has a value.`, stuck)
}
