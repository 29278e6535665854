import { withCause } from '../../connect/fault-behind.ts'
import { partialOutcomes } from '../../connect/interrupted.ts'
import type { Resolved, TargetObject } from '../../connect/target.ts'
import type { DeliverIo, Io, Ticket } from '../../connect/io.ts'
import { diskFull, isDiskFull } from '../faults/disk-full.ts'
import { Fault } from '../../model/fault.ts'
import { machineFault } from '../../model/machine-trouble.ts'
import type { Observed } from '../../model/observed.ts'
import type { Fields } from '../../model/field.ts'
import type { Operation } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Identity, Key } from '../../model/record.ts'
import type { PlannedOperation } from '../../store/plans/operations.ts'
import { databaseTrouble, isDatabaseTrouble } from '../../store/database/database-trouble.ts'
import type { SettledOutcome } from '../../store/snapshot/marks.ts'
import { keptOtherwise } from '../../rules/fingerprints.ts'
import { confirmByReading } from '../../rules/confirm.ts'
import type { Slice } from './slices.ts'

export interface Addressee {
  readonly io: Io
  readonly wait: DeliverIo['wait']
  readonly object: TargetObject
  readonly resolved: Resolved<unknown>
  readonly identifierField: string
  /** Fields that are set only if they are empty in the Target. */
  readonly onlyIfEmpty: ReadonlySet<string>
}

export interface SliceAnswer {
  /** One for each Operation of the slice, in the same order. */
  readonly outcomes: readonly SettledOutcome[]
  /** The Fault that ended the call early, if any. */
  readonly fault: Fault | undefined
  /** A job of the Target may still work on these lines: they have no Outcome that counts. */
  readonly atWork: ReadonlySet<number>
}

/** How work of the Target that outlives this call is kept. */
export interface Jobs {
  /** The ticket for a call about these lines. */
  ticketFor(ordinals: readonly number[]): Ticket
  /** Only the results of an earlier call are wanted. */
  readonly collects: boolean
}

/** Sends a slice and returns an Outcome for every Operation in it: no answer is never a success. `ticket`: of its batch. */
export async function sendSlice(slice: Slice, to: Addressee, { ticketFor, collects }: Jobs): Promise<SliceAnswer> {
  const operations = asOperations(slice, to)
  const answered = new Map<Key, Outcome>()
  let fault: Fault | undefined
  let interrupted = false
  let handed: readonly number[] = []
  let ticket: Ticket | undefined
  try {
    if (slice.unconfirmed && slice.group !== '' && !collects)
      for (const [key, outcome] of await settleUnconfirmed(operations, slice, to)) answered.set(key, outcome)
    const open = operations.filter((operation) => !answered.has(operation.key))
    handed = slice.operations.flatMap(({ ordinal }, at) => (answered.has(operations[at]?.key ?? '') ? [] : [ordinal]))
    ticket = ticketFor(handed)
    const io = { ...to.io, ticket, collects, wait: to.wait }
    if (open.length > 0)
      for (const [key, outcome] of await to.object.deliver(io, to.resolved.ready, open))
        answered.set(key, asDone(slice, outcome))
  } catch (error) {
    fault = asEngineFault(error)
    const partial = partialOutcomes(error)
    interrupted = partial.size > 0
    for (const [key, outcome] of partial) answered.set(key, outcome)
  }
  return {
    outcomes: slice.operations.map((line, index) => {
      const outcome = answered.get(operations[index]?.key ?? '') ?? unanswered(fault, interrupted)
      return { ordinal: line.ordinal, outcome, ...asKept(line, outcome) }
    }),
    fault,
    atWork: new Set(fault !== undefined && ticket?.saved !== undefined ? handed : []),
  }
}

/** The fingerprints and values to save, if the Target stores some values in another form. */
function asKept(
  { fingerprints, asks }: PlannedOperation,
  { holds }: Outcome,
): Pick<SettledOutcome, 'fingerprints' | 'asks'> {
  if (holds === undefined) return {}
  const asked = JSON.parse(asks ?? '{}') as Fields
  const kept = Object.fromEntries(Object.entries(asked).map(([field, value]) => [field, holds[field] ?? value]))
  return {
    ...(fingerprints !== null && { fingerprints: keptOtherwise(fingerprints, holds) }),
    ...(asks !== null && { asks: JSON.stringify(kept) }),
  }
}

/**
 * One Operation for each line of the slice. If a Record goes to several target records, each but the first gets a Key
 * of its own.
 */
function asOperations({ kind, group, operations }: Slice, { identifierField, onlyIfEmpty }: Addressee): Operation[] {
  const keys = new Set<Key>()
  return operations.map((line) => {
    const { key, ordinal, asks } = line
    const own = keys.has(key) ? `${key}\u0000${ordinal}` : key
    keys.add(own)
    const identities = identitiesOf(line, identifierField)
    const identity = addressOfLine(line, identifierField)
    if (kind === 'attach' || kind === 'detach') return { key: own, kind, group, identity }
    const fields = asks === null ? undefined : (JSON.parse(asks) as Fields)
    const kept = kind === 'update' ? [] : Object.keys(fields ?? {}).filter((field) => onlyIfEmpty.has(field))
    return {
      key: own,
      kind,
      group,
      identity,
      identities,
      ...(fields !== undefined && { fields }),
      ...(kept.length > 0 && { onlyIfEmpty: kept }),
    }
  })
}

/** The identity by which calls address the target record of a line. */
export function addressOfLine(
  line: Pick<PlannedOperation, 'key' | 'identities' | 'targetId'>,
  identifierField: string,
): Identity {
  return line.targetId === null
    ? (identitiesOf(line, identifierField)[0] ?? { field: identifierField, value: line.key })
    : { field: 'id', value: line.targetId }
}

export function identitiesOf(
  { key, identities }: Pick<PlannedOperation, 'key' | 'identities'>,
  identifierField: string,
): Identity[] {
  if (identities === null) return [{ field: identifierField, value: key }]
  return (JSON.parse(identities) as [string, string][]).map(([field, value]) => ({ field, value }))
}

/**
 * An unconfirmed delete or archive whose target record is gone counts as delivered: the earlier try most likely removed
 * it.
 */
function asDone({ kind, unconfirmed }: Slice, outcome: Outcome): Outcome {
  const isGone =
    unconfirmed &&
    (kind === 'delete' || kind === 'archive') &&
    outcome.status === 'rejected' &&
    outcome.code === 'not-found'
  return isGone
    ? { status: 'delivered', ...(outcome.requestId !== undefined && { requestId: outcome.requestId }) }
    : outcome
}

async function settleUnconfirmed(
  operations: readonly Operation[],
  slice: Slice,
  to: Addressee,
): Promise<Map<Key, Outcome>> {
  const byIdentity = new Map<string, Observed>()
  for await (const observed of to.object.read(
    to.io,
    to.resolved.ready,
    operations.map((operation) => operation.identity),
  )) {
    byIdentity.set(observed.identity.value, observed)
  }
  const settled = new Map<Key, Outcome>()
  for (const [index, operation] of operations.entries()) {
    const outcome = confirmByReading(
      operation,
      byIdentity.get(operation.identity.value),
      slice.operations[index]?.sent ?? null,
    )
    if (outcome !== undefined) settled.set(operation.key, outcome)
  }
  return settled
}

/** If a call was interrupted after some answers, the unanswered Operations may have been applied as well. */
function unanswered(fault: Fault | undefined, interrupted: boolean): Outcome {
  if (fault === undefined || interrupted)
    return { status: 'unconfirmed', code: 'no-answer', message: 'The Target did not answer for this record.' }
  return withCause(
    { status: fault.mayHaveApplied ? 'unconfirmed' : 'on-hold', code: fault.code, message: fault.message },
    fault,
  )
}

export function asEngineFault(error: unknown): Fault {
  if (Fault.is(error)) return error
  if (isDatabaseTrouble(error)) {
    // Every other connection throws its troubles as a Fault.
    const { code, words, advice } = databaseTrouble(error)
    return new Fault('transient', `${words}.`, { code, cause: error, mayHaveApplied: true, advice })
  }
  if (isDiskFull(error)) return diskFull(error)
  const lacking = machineFault(error)
  if (lacking !== undefined) return lacking
  const words = error instanceof Error ? error.message : String(error)
  return new Fault('bug', words, {
    code: 'unexpected',
    cause: error,
    mayHaveApplied: true,
    advice: 'This is a bug in Tailrace: please report it with the output of TAILRACE_LOG=debug.',
  })
}
