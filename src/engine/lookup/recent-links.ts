import type { GroupId, Key } from '../../model/record.ts'
import { linksWrittenLately, type RecentRun } from '../../store/ledger/recent-writes.ts'
import type { Current } from '../../rules/decide.ts'
import type { RunContext } from '../run-context.ts'
import { identifierFields } from '../steps/open/immutable-settings.ts'
import type { AddressedRecord } from './choose-index-lookup.ts'

/** The links of one Key on one target record, to look up. Its `key` is `LinkDifference.record`. */
export interface LinksOfRecord extends AddressedRecord {
  readonly ownKey: Key
  /** The target record's id, if known. */
  readonly targetId: string | null
  readonly desired: readonly GroupId[]
}

/**
 * Compares what the index shows with recent writes of any Activation to the same links, which the index may not show
 * yet. Returns the Records on which the two disagree, or of which the Ledger is uncertain: these should be read. Until
 * then their links are unknown, because somebody may have changed them again: they are read right before they are
 * written.
 */
export async function correctByLedger(
  context: RunContext,
  recent: readonly RecentRun[],
  groups: readonly string[],
  wanted: readonly LinksOfRecord[],
  currents: Map<string, Current>,
): Promise<readonly LinksOfRecord[]> {
  const {
    activation,
    ports: { database },
  } = context
  const identifier = identifierFields(activation)
  const writes = await linksWrittenLately(database, recent, groups, {
    identifier,
    targetIds: wanted.map(targetIdOf).filter((id) => id !== null),
    keys: wanted.map(({ ownKey }) => ownKey),
  })
  const byName = new Map<string, Map<string, boolean | null>>()
  for (const { runId, key, targetId, group, on } of writes) {
    const run = recent.find(({ id }) => id === runId)
    const names = [
      targetId ?? (run?.identifier === 'id' ? key : null),
      run?.identifier === identifier ? `key ${key}` : null,
    ]
    for (const name of names)
      if (name !== null) byName.set(name, (byName.get(name) ?? new Map<string, boolean | null>()).set(group, on))
  }
  // Records of a Run with an unrelated identifier cannot be matched with these: what that Run wrote to them is unknown.
  const isBlind = recent.some(
    (run) =>
      run.identifier !== identifier && !(namesTarget(context, run.identifier) && namesTarget(context, identifier)),
  )
  return wanted.filter((difference) => {
    const known = new Map([
      ...(byName.get(targetIdOf(difference) ?? '') ?? []),
      ...(byName.get(`key ${difference.ownKey}`) ?? []),
    ])
    const current = currents.get(difference.key)
    const concerned = difference.desired.filter((group) => known.has(group))
    if (concerned.length === 0) {
      if (isBlind) currents.set(difference.key, without(current, new Set(difference.desired)))
      return isBlind
    }
    if (concerned.every((group) => known.get(group) !== null && shownIn(current, group) === known.get(group)))
      return false
    currents.set(difference.key, without(current, new Set(known.keys())))
    return true
  })
}

function without(current: Current | undefined, unknown: ReadonlySet<string>): Current {
  const rest = (shown: ReadonlySet<string>) => new Set([...shown].filter((group) => !unknown.has(group)))
  return {
    external: current?.external ?? new Set(),
    unknown,
    ...(current?.held === undefined
      ? { held: undefined, surely: rest(current?.surely ?? new Set()) }
      : { held: rest(current.held) }),
  }
}

function shownIn(current: Current | undefined, group: string): boolean | undefined {
  return current?.held?.has(group) ?? (current?.surely?.has(group) === true ? true : undefined)
}

function targetIdOf({ identity, targetId }: LinksOfRecord): string | null {
  return identity.field === 'id' ? identity.value : targetId
}

/** Whether Records with these identifiers have known target record ids (format of `ImmutableSettings.identifier`). */
function namesTarget({ activation: { object } }: RunContext, identifier: string): boolean {
  const only = object.identifiers.find(({ field }) => field === identifier)
  return identifier === 'id' || only === undefined || only.found === true
}
