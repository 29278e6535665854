import type { Fields } from '../../model/field.ts'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { InvalidRowEntry } from '../../store/ledger/invalid-rows.ts'
import type { PlannedOperation } from '../../store/plans/operations.ts'
import { identityOfKey } from '../lookup/addresses.ts'
import type { Activation } from '../activation.ts'

/** One line of a Plan as scripts, pages and files get it. What a line does not have is left out. */
export interface ShownLine {
  /** The identifier, as the row wrote it. */
  readonly record: string
  /** Of a link: what the target record is put into, or taken out of. */
  readonly group?: string
  readonly operation: PlannedKind
  readonly reason: Reason | 'invalid'
  /** The target record's own id. */
  readonly targetId?: string
  /** Of several target records that the identifier names, this is one: so many there are. */
  readonly matches?: number
  /** The values to set, and what these Fields held before, where that is known. Only on lines that write. */
  readonly fields?: Fields
  readonly before?: Fields
  /** Why nothing is asked, or it cannot be delivered, or not now. */
  readonly code?: string
  readonly message?: string
  /** Of a row that cannot become a Record: its number in the query's result, from 1. */
  readonly row?: number
}

/** What an id of a group is called, and by which identifier a Record's row named it. */
export interface LineNames {
  readonly nameOf: (group: string) => string
  readonly recordOf: (line: Pick<PlannedOperation, 'key' | 'identities'>) => string
}

/** A line for each group that the Operation concerns; one line where it concerns none. */
export function shownLines(line: PlannedOperation, { nameOf, recordOf }: LineNames): ShownLine[] {
  const { kind, reason, groups: groupIds, note, parts, targetId, asks, before, code, message } = line
  const shown: ShownLine = {
    record: recordOf(line), operation: kind, reason,
    ...targetId !== null && { targetId }, ...kind === 'update' && parts > 1 && { matches: parts },
    ...asks !== null && { fields: JSON.parse(asks) as Fields }, ...before !== null && { before: JSON.parse(before) as Fields },
    ...(code ?? note) !== null && { code: code ?? note ?? '' }, ...message !== null && { message },
  }
  const isOfGroups = kind === 'attach' || kind === 'detach' || kind === 'skip'
  // An undo notes among the members of a `skip` what became of the target record as a whole.
  const groups = isOfGroups ? groupIds.filter((group) => group !== 'created') : []
  return groups.length === 0 ? [shown] : groups.map((group) => inOrder({ ...shown, group: nameOf(group) }))
}

/** A row that cannot become a Record is a line of the Plan as well. */
export function invalidRowLine({ row, key, code, message }: Omit<InvalidRowEntry, 'runId'>, recordOf: LineNames['recordOf']): ShownLine {
  return { record: key === null ? '' : recordOf({ key, identities: null }), operation: 'reject', reason: 'invalid', code, message, ...row !== null && { row } }
}

/** By which identifier each Record's row named it. */
export function namesRecords(activation: Activation): LineNames['recordOf'] {
  return ({ key, identities }) => {
    const [first] = identities === null ? [] : JSON.parse(identities) as [string, string][]
    return first?.[1] ?? identityOfKey(activation, key).value
  }
}

function inOrder({ record, group, ...rest }: ShownLine): ShownLine {
  return { record, ...group !== undefined && { group }, ...rest }
}
