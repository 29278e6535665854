import type { PlannedKind, Reason } from '../model/operation.ts'
import type { Fields } from '../model/field.ts'
import type { Key } from '../model/record.ts'

/** One line of a Plan as it is saved and compared. */
export interface PlanLine {
  readonly record: Key
  readonly operation: PlannedKind
  readonly reason: Reason
  /** Ids of what is put on or taken off; `name:…` for what is yet to be created. */
  readonly members: readonly string[]
  /** Why a `keep` keeps, and a `refuse` refuses. */
  readonly note: string | null
  /** The thing's own id, where that is not the Record's name for it. */
  readonly targetId?: string
  /** The values to set; null empties a Field. */
  readonly fields?: Fields
  /** What these held before, where that is known. */
  readonly before?: Fields
}

/** What two Plans say of one Record, where they do not say the same. */
export interface PlanDifference {
  readonly record: Key
  readonly planned: readonly PlanLine[]
  readonly now: readonly PlanLine[]
}

/** A line's only form in text: two lines are equal when these are. */
export function lineText({ record, operation, reason, members, note, targetId, fields, before }: PlanLine): string {
  return JSON.stringify({ record, operation, reason, members, note, targetId, fields, before })
}

/** The differences of two Plans, both in the given order of their Records. Holds no more of them than one Record each. */
export async function* comparePlans(
  planned: AsyncIterable<PlanLine>, now: AsyncIterable<PlanLine>, order: (a: Key, b: Key) => number,
): AsyncGenerator<PlanDifference> {
  const [left, right] = [byRecord(planned), byRecord(now)]
  let [a, b] = [await left.next(), await right.next()]
  while (a.done !== true || b.done !== true) {
    const side = a.done === true ? 1 : b.done === true ? -1 : order(recordOf(a.value), recordOf(b.value))
    const before = side <= 0 && a.done !== true ? a.value : []
    const after = side >= 0 && b.done !== true ? b.value : []
    if (before.map(lineText).join('\n') !== after.map(lineText).join('\n')) yield { record: recordOf([...before, ...after]), planned: before, now: after }
    if (side <= 0) a = await left.next()
    if (side >= 0) b = await right.next()
  }
}

/** The same row of the query, the same memory, and yet another answer: so it is the Target that changed. */
export function isTargetsDoing({ planned, now }: PlanDifference): boolean {
  return planned.length > 0 && now.length > 0 && planned[0]?.reason === now[0]?.reason
}

/** `6762…: the plan says + "VIP"; now "VIP" is in place already` */
export function differenceWords({ record, planned, now }: PlanDifference, nameOf: (member: string) => string): string {
  const [was, is] = [planned, now].map((lines) => lines.length === 0 ? 'nothing' : lines.map((line) => lineWords(line, nameOf)).join(', '))
  if (was !== is) return `${record}: the plan says ${was}; now ${is}`
  return `${record}: the plan says ${was}, since it was ${planned[0]?.reason}; now it is ${now[0]?.reason}`
}

function lineWords({ operation, members, note, targetId, fields }: PlanLine, nameOf: (member: string) => string): string {
  if (operation === 'refuse' || operation === 'hold') return `${operation === 'refuse' ? 'not loaded' : 'on hold'} (${note})`
  if (operation !== 'add' && operation !== 'remove' && operation !== 'keep') {
    const values = Object.entries(fields ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ')
    return `${operation}${targetId === undefined ? '' : ` ${targetId}`}${values === '' ? '' : ` ${values}`}`
  }
  const names = members.map((member) => `"${nameOf(member)}"`).join(', ')
  if (operation === 'add') return `+ ${names}`
  if (operation === 'remove') return `− ${names}`
  if (note === 'theirs') return `${names} left alone, since it is theirs`
  return note === 'already-in-place' ? `${names} already as wanted` : 'nothing to do'
}

async function* byRecord(lines: AsyncIterable<PlanLine>): AsyncGenerator<readonly PlanLine[], undefined> {
  let group: PlanLine[] = []
  for await (const line of lines) {
    if (group.length > 0 && group[0]?.record !== line.record) {
      yield group
      group = []
    }
    group.push(line)
  }
  if (group.length > 0) yield group
}

function recordOf(lines: readonly PlanLine[]): Key {
  return lines[0]?.record ?? ''
}
