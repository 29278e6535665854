import type { Fault } from '../../model/fault.ts'
import { notice, type Notice } from '../../model/notice.ts'
import type { SettledOutcome } from '../../store/snapshot/marks.ts'
import { addressOfLine, asEngineFault, type Addressee } from './send-slice.ts'
import type { Slice } from './slices.ts'

/** How many target records may be read before they are written. */
export interface ReadBudget {
  /** Takes this many reads if they are left. Otherwise counts the target records as unread. */
  take(reads: number): boolean
  readonly unread: number
}

/** Read limit per Run if only an undo needs the reads. A behavior that removes later reads every target record. */
const mostForUndo = 2000

export function openReadBudget(removesWhatLeft: boolean): ReadBudget {
  let left = removesWhatLeft ? Infinity : mostForUndo
  let unread = 0
  return {
    take(reads) {
      if (reads > left) {
        unread += reads
        return false
      }
      left -= reads
      return true
    },
    get unread() {
      return unread
    },
  }
}

/** A slice after its target records were read: what is still to be sent, and what is settled already. */
export interface ReadBefore {
  readonly open: Slice
  /** Which of the links that were read were absent. Once added, these are managed. */
  readonly read: readonly { readonly ordinal: number; readonly isAbsent: boolean }[]
  readonly outcomes: readonly SettledOutcome[]
  /** Why the target records could not be read, so that nothing is sent. */
  readonly fault: Fault | undefined
}

/**
 * Reads the target records of a slice right before they are written, if no later read could show the previous state. A
 * record that is already in the group is in place. A record that is unread, or beyond the budget, is written but never
 * counts as managed. A fault that would also affect the writes puts them on hold.
 */
export async function readBefore(slice: Slice, addressee: Addressee, budget: ReadBudget): Promise<ReadBefore> {
  if (!slice.isUnread || !(slice.isDueAgain || budget.take(slice.operations.length)))
    return { open: slice, read: [], outcomes: [], fault: undefined }
  try {
    return await readEachTargetRecord(slice, addressee)
  } catch (error) {
    const fault = asEngineFault(error)
    // A target record that may not be read may still be written.
    if (fault.kind === 'config' || fault.kind === 'blocked')
      return { open: slice, read: [], outcomes: [], fault: undefined }
    if (fault.kind !== 'transient' && fault.kind !== 'cancelled') throw fault
    const outcome = { status: 'on-hold', code: fault.code, message: fault.message } as const
    return {
      open: { ...slice, operations: [] },
      read: [],
      outcomes: slice.operations.map(({ ordinal }) => ({ ordinal, outcome })),
      fault,
    }
  }
}

async function readEachTargetRecord(
  slice: Slice,
  { io, object, resolved, identifierField }: Addressee,
): Promise<ReadBefore> {
  const byIdentity = Map.groupBy(slice.operations, (line) => addressOfLine(line, identifierField).value)
  const there = new Set<number>()
  const read: { ordinal: number; isAbsent: boolean }[] = []
  for await (const { identity, groups } of object.read(
    io,
    resolved.ready,
    slice.operations.map((line) => addressOfLine(line, identifierField)),
  )) {
    if (groups === null) continue
    const isAbsent = !groups.some(({ id }) => id === slice.group)
    for (const { ordinal } of byIdentity.get(identity.value) ?? []) {
      if (!isAbsent) there.add(ordinal)
      // Also for a link that exists: if the Run breaks off here, it must not count as added by it.
      read.push({ ordinal, isAbsent })
    }
  }
  return {
    open: { ...slice, operations: slice.operations.filter(({ ordinal }) => !there.has(ordinal)) },
    read,
    outcomes: [...there].map((ordinal) => ({ ordinal, outcome: { status: 'in-place', effect: 'nothing' } })),
    fault: undefined,
  }
}

/** The notice about target records that were not read. Empty if all were read. */
export function unreadNotice({ unread }: ReadBudget): Notice[] {
  if (unread === 0) return []
  return [
    notice(
      'written-unread',
      `${unread} records were written without a read before, so what this Run added to them does not count as managed: an undo does not remove it.`,
      { records: unread },
    ),
  ]
}
