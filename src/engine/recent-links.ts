import type { Key } from '../model/record.ts'
import { linksWrittenLately, type RecentRun } from '../store/recent-writes.ts'
import type { Difference, Sight } from '../sync/plan.ts'
import type { Held } from './held.ts'
import { frozenIdentifier } from './frozen.ts'

/**
 * Corrects what the index shows by what Activations wrote lately to the same memberships, which it may not show yet. Returns the Records about
 * which the two do not agree, or of which our own books know nothing for certain: these are best read. Until then a membership that a Target
 * confirmed counts as there. One that was taken off is unknown, since somebody may have put it on again, and so is what the books do not tell:
 * it is read before it is written.
 */
export async function correctByLedger(
  held: Held, recent: readonly RecentRun[], members: readonly string[], wanted: readonly Difference[], sights: Map<Key, Sight>,
): Promise<readonly Difference[]> {
  const { activation, ports: { database } } = held
  const identifier = frozenIdentifier(activation)
  const writes = await linksWrittenLately(database, recent, members, {
    identifier, targetIds: wanted.map(targetIdOf).filter((id) => id !== null), keys: wanted.map(({ key }) => key),
  })
  const byName = new Map<string, Map<string, boolean | null>>()
  for (const { runId, key, targetId, member, on } of writes) {
    const run = recent.find(({ id }) => id === runId)
    const names = [targetId ?? (run?.identifier === 'id' ? key : null), run?.identifier === identifier ? `key ${key}` : null]
    for (const name of names) if (name !== null) byName.set(name, (byName.get(name) ?? new Map<string, boolean | null>()).set(member, on))
  }
  // Of Runs whose Records go by an identifier that says nothing of ours, nobody knows what they put on, or took off, of ours.
  const isBlind = recent.some((run) => run.identifier !== identifier && !(tellsTarget(held, run.identifier) && tellsTarget(held, identifier)))
  return wanted.filter((difference) => {
    const known = new Map([...byName.get(targetIdOf(difference) ?? '') ?? [], ...byName.get(`key ${difference.key}`) ?? []])
    const sight = sights.get(difference.key)
    const concerned = difference.wants.filter((member) => known.has(member))
    if (concerned.length === 0) {
      if (isBlind) sights.set(difference.key, corrected(sight, new Map(difference.wants.map((member) => [member, null]))))
      return isBlind
    }
    if (concerned.every((member) => known.get(member) !== null && shownIn(sight, member) === known.get(member))) return false
    sights.set(difference.key, corrected(sight, known))
    return true
  })
}

function corrected(sight: Sight | undefined, known: ReadonlyMap<string, boolean | null>): Sight {
  const on = [...known].filter(([, isOn]) => isOn === true).map(([member]) => member)
  const unknown = new Set([...known].filter(([, isOn]) => isOn !== true).map(([member]) => member))
  const add = (shown: ReadonlySet<string>) => new Set([...shown, ...on].filter((member) => !unknown.has(member)))
  return {
    theirs: sight?.theirs ?? new Set(), unknown,
    ...sight?.held === undefined ? { held: undefined, surely: add(sight?.surely ?? new Set()) } : { held: add(sight.held) },
  }
}

function shownIn(sight: Sight | undefined, member: string): boolean | undefined {
  return sight?.held?.has(member) ?? (sight?.surely?.has(member) === true ? true : undefined)
}

function targetIdOf({ identity, targetId }: Difference): string | null {
  return identity.field === 'id' ? identity.value : targetId
}

/** Whether the target record's own id is known of Records that go by these identifiers (as `Frozen.identifier` has them). */
function tellsTarget({ activation: { object } }: Held, identifier: string): boolean {
  const only = object.identifiers.find(({ field }) => field === identifier)
  return identifier === 'id' || only === undefined || only.found === true
}
