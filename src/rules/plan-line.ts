import type { Fields } from '../model/field.ts'
import type { PlannedKind, Reason } from '../model/operation.ts'
import type { Key } from '../model/record.ts'

/** One line of a Plan as it is saved and compared. Absent values are left out. */
export interface PlanLine {
  /** The identifier as the row wrote it. */
  readonly record: string
  /** The Record's Key, if it differs from its identifier. */
  readonly key?: Key
  /** Id of the group to add or remove; `name:…` for a group that does not exist yet. */
  readonly group?: string
  readonly operation: PlannedKind
  readonly reason: Reason
  /** The target record's own id, if the Record's identifier is not that id. */
  readonly targetId?: string
  /** The values to set; null clears a Field. */
  readonly fields?: Fields
  /** Values of these Fields before, if known. */
  readonly before?: Fields
  /** Why it is a `skip`, a `reject` or a `wait`. */
  readonly code?: string
}

/** A Record on which two Plans differ. */
export interface PlanDifference {
  readonly record: Key
  readonly planned: readonly PlanLine[]
  readonly now: readonly PlanLine[]
}

/** The canonical text of a line: two lines are equal when their texts are. */
export function lineText({ record, key, group, operation, reason, targetId, fields, before, code }: PlanLine): string {
  return JSON.stringify({ record, key, group, operation, reason, targetId, fields, before, code })
}

/** The differences between two Plans, both sorted by Key in the given order. Keeps one Record of each in memory. */
export async function* comparePlans(
  planned: AsyncIterable<PlanLine>,
  now: AsyncIterable<PlanLine>,
  order: (a: Key, b: Key) => number,
): AsyncGenerator<PlanDifference> {
  const [left, right] = [byRecord(planned), byRecord(now)]
  let [a, b] = [await left.next(), await right.next()]
  while (a.done !== true || b.done !== true) {
    const side = a.done === true ? 1 : b.done === true ? -1 : order(keyOf(a.value), keyOf(b.value))
    const before = side <= 0 && a.done !== true ? a.value : []
    const after = side >= 0 && b.done !== true ? b.value : []
    if (before.map(lineText).join('\n') !== after.map(lineText).join('\n'))
      yield { record: [...before, ...after][0]?.record ?? '', planned: before, now: after }
    if (side <= 0) a = await left.next()
    if (side >= 0) b = await right.next()
  }
}

/** Both Plans act for the same reason but not in the same way, so the Target changed. */
export function isTargetsDoing({ planned, now }: PlanDifference): boolean {
  return planned.length > 0 && now.length > 0 && planned[0]?.reason === now[0]?.reason
}

/** `6762…: the plan says + "VIP"; now "VIP" is in place already` */
export function differenceWords({ record, planned, now }: PlanDifference, nameOf: (group: string) => string): string {
  const [was, is] = [planned, now].map((lines) => (lines.length === 0 ? 'nothing' : linesWords(lines, nameOf)))
  if (was !== is) return `${record}: the plan says ${was}; now ${is}`
  const [before, after] = [planned, now].map((lines) => lines.map(({ reason }) => reason).join(', '))
  if (before !== after) return `${record}: the plan says ${was}, with the reason ${before}; the reason is now ${after}`
  const appeared = planned.filter(({ group = '' }, at) => group.startsWith('name:') && now[at]?.group !== group)
  if (appeared.length > 0)
    return `${record}: the plan creates ${appeared.map(({ group = '' }) => `"${nameOf(group)}"`).join(', ')}; it exists now`
  return `${record}: the plan says ${was}, and so it is now, but the values before it are others`
}

/** Lines of one Record. Groups with the same operation share one phrase. */
function linesWords(lines: readonly PlanLine[], nameOf: (group: string) => string): string {
  const alike = new Map<string, PlanLine[]>()
  for (const line of lines) {
    const { operation, code, targetId } = line
    const name = JSON.stringify([operation, code, targetId])
    alike.set(name, [...(alike.get(name) ?? []), line])
  }
  return [...alike.values()]
    .flatMap((same) => {
      const [first] = same
      if (first === undefined) return []
      if (first.operation !== 'attach' && first.operation !== 'detach' && first.operation !== 'skip')
        return same.map(wholeWords)
      return [
        linkWords(first, same.flatMap(({ group }) => (group === undefined ? [] : [`"${nameOf(group)}"`])).join(', ')),
      ]
    })
    .join(', ')
}

function wholeWords({ operation, code, targetId, fields }: PlanLine): string {
  if (operation === 'reject' || operation === 'wait')
    return `${operation === 'reject' ? 'not loaded' : 'on hold'} (${code})`
  const values = Object.entries(fields ?? {})
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(', ')
  return `${operation}${targetId === undefined ? '' : ` ${targetId}`}${values === '' ? '' : ` ${values}`}`
}

function linkWords({ operation, code }: PlanLine, names: string): string {
  if (operation === 'attach') return `+ ${names}`
  if (operation === 'detach') return `− ${names}`
  if (code === 'external') return `${names} not removed, because it is external`
  return code === 'in-place' ? `${names} already in place` : 'nothing to do'
}

async function* byRecord(lines: AsyncIterable<PlanLine>): AsyncGenerator<readonly PlanLine[], undefined> {
  let group: PlanLine[] = []
  for await (const line of lines) {
    if (group.length > 0 && keyOf(group) !== keyOf([line])) {
      yield group
      group = []
    }
    group.push(line)
  }
  if (group.length > 0) yield group
}

function keyOf([line]: readonly PlanLine[]): Key {
  return line?.key ?? line?.record ?? ''
}
