import type { Fault } from '../../model/fault.ts'
import { notice, type Notice } from '../../model/notice.ts'
import type { SettledOutcome } from '../../store/snapshot/marks.ts'
import { addressOfLine, asEngineFault, type Addressee } from './send-slice.ts'
import type { Slice } from './slices.ts'

/** How many things may be read before they are written to. */
export interface ReadBudget {
  /** Takes so many reads, if they are left; else counts their things as unread. */
  take(reads: number): boolean
  readonly unread: number
}

/** Where what is ours comes off later, every thing is read; where only an undo wants to know, so many of a Run. */
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

/** A slice after its things were read: what is still to be sent, and what is settled already. */
export interface ReadBefore {
  readonly open: Slice
  /** Of what is to be sent, the members that the things do not carry: once they are on, they are ours. */
  readonly absent: readonly { readonly ordinal: number; readonly groups: readonly string[] }[]
  readonly outcomes: readonly SettledOutcome[]
  /** Why the things could not be read, so that nothing is sent. */
  readonly fault: Fault | undefined
}

/**
 * Reads the things of a slice right before they are written to, where no later read could tell what was there before us. What carries all of it
 * already is in place. What does not show, or is beyond the budget, is written all the same, and never counts as ours. Trouble that would meet the writes as well puts
 * them on hold.
 */
export async function readBefore(slice: Slice, addressee: Addressee, budget: ReadBudget): Promise<ReadBefore> {
  if (!slice.isUnread || !(slice.isDueAgain || budget.take(slice.operations.length))) return { open: slice, absent: [], outcomes: [], fault: undefined }
  try {
    return await readEachTargetRecord(slice, addressee)
  } catch (error) {
    const fault = asEngineFault(error)
    // A thing that may not be shown may still be written to.
    if (fault.kind === 'config' || fault.kind === 'blocked') return { open: slice, absent: [], outcomes: [], fault: undefined }
    if (fault.kind !== 'transient' && fault.kind !== 'cancelled') throw fault
    const outcome = { status: 'on-hold', code: fault.code, message: fault.message } as const
    return { open: { ...slice, operations: [] }, absent: [], outcomes: slice.operations.map(({ ordinal }) => ({ ordinal, outcome })), fault }
  }
}

async function readEachTargetRecord(slice: Slice, { io, object, resolved, identifierField }: Addressee): Promise<ReadBefore> {
  const byIdentity = Map.groupBy(slice.operations, (line) => addressOfLine(line, identifierField).value)
  const there = new Set<number>()
  const absent: { ordinal: number; groups: readonly string[] }[] = []
  for await (const { identity, groups } of object.read(io, resolved.ready, slice.operations.map((line) => addressOfLine(line, identifierField)))) {
    if (groups === null) continue
    const carried = new Set(groups.map(({ id }) => id))
    for (const line of byIdentity.get(identity.value) ?? []) {
      const missing = line.groups.filter((group) => !carried.has(group))
      if (missing.length === 0) there.add(line.ordinal)
      // Also where nothing is missing: what a Run that breaks off here had planned of it must not count as put on.
      absent.push({ ordinal: line.ordinal, groups: missing })
    }
  }
  return {
    open: { ...slice, operations: slice.operations.filter(({ ordinal }) => !there.has(ordinal)) }, absent,
    outcomes: [...there].map((ordinal) => ({ ordinal, outcome: { status: 'in-place', changed: [] } })), fault: undefined,
  }
}

/** What people should know of what was not read; none where all of it was. */
export function unreadNotice({ unread }: ReadBudget): Notice[] {
  if (unread === 0) return []
  return [notice('written-unread', `${unread} records were written without a look at what was on them before, so what this Run put there does not count as managed: an undo leaves it alone.`, { records: unread })]
}
