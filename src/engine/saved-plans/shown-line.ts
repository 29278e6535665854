import type { Fields } from '../../model/field.ts'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { InvalidRowEntry } from '../../store/ledger/invalid-rows.ts'
import type { PlannedOperation } from '../../store/plans/operations.ts'
import { identityOfKey } from '../lookup/addresses.ts'
import type { Activation } from '../activation.ts'

/** One line of a Plan for scripts, pages and files. Absent values are left out. */
export interface ShownLine {
  /** The identifier, as the row wrote it. */
  readonly record: string
  /** For a link: the group. */
  readonly group?: string
  readonly operation: PlannedKind
  readonly reason: Reason | 'invalid'
  /** The target record's own id. */
  readonly targetId?: string
  /** How many target records the identifier names, if several. */
  readonly matches?: number
  /** The values to set, and the previous values if they are known. Only on lines that write. */
  readonly fields?: Fields
  readonly before?: Fields
  /** Why nothing is asked, or why it cannot be delivered at all or now. */
  readonly code?: string
  readonly message?: string
  /** For an invalid row: its number in the query's result, from 1. */
  readonly row?: number
}

/** Resolves a group id to its name, and a line to the identifier in its row. */
export interface LineNames {
  readonly nameOf: (group: string) => string
  readonly recordOf: (line: Pick<PlannedOperation, 'key' | 'identities'>) => string
}

export function shownLine(line: PlannedOperation, { nameOf, recordOf }: LineNames): ShownLine {
  const { kind, reason, group, note, parts, targetId, asks, before, code, message } = line
  return {
    record: recordOf(line),
    ...(group !== '' && { group: nameOf(group) }),
    operation: kind,
    reason,
    ...(targetId !== null && { targetId }),
    ...(kind === 'update' && parts > 1 && { matches: parts }),
    ...(asks !== null && { fields: JSON.parse(asks) as Fields }),
    ...(before !== null && { before: JSON.parse(before) as Fields }),
    ...((code ?? note) !== null && { code: code ?? note ?? '' }),
    ...(message !== null && { message }),
  }
}

/** An invalid row is a line of the Plan as well. */
export function invalidRowLine(
  { row, key, code, message }: Omit<InvalidRowEntry, 'runId'>,
  recordOf: LineNames['recordOf'],
): ShownLine {
  return {
    record: key === null ? '' : recordOf({ key, identities: null }),
    operation: 'reject',
    reason: 'invalid',
    code,
    message,
    ...(row !== null && { row }),
  }
}

/** The identifier by which a Record's row named it. */
export function namesRecords(activation: Activation): LineNames['recordOf'] {
  return ({ key, identities }) => {
    const [first] = identities === null ? [] : (JSON.parse(identities) as [string, string][])
    return first?.[1] ?? identityOfKey(activation, key).value
  }
}
