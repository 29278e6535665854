import type { Intercom, SharedAccount } from './shared-account.ts'
import { minute } from './shared-account.ts'
import { links } from './shared-account-links.ts'
import type { ManualEdit, Role, RowDraw } from './shared-account-history.ts'
import { linkName, noneDesired, desiredOf, type LinkName, type Desired } from './shared-account-desired.ts'

import type { Effect, LinkState, Part } from './shared-account-effects.ts'

type WorldChange = Parameters<NonNullable<Parameters<Intercom['watch']>[0]['change']>>[0]
/**
 * Maximum difference between two clocks. Times closer than this cannot distinguish a manual edit from our own write.
 */
const clocksMs = 2 * minute
/** Maximum lag of the index. It may not show edits that are newer than this. */
const indexMs = 10 * minute

/** Records who changed which link, and reports each forbidden change. */
export interface Book {
  readonly violations: string[]
  readonly links: ReadonlyMap<LinkName, LinkState>
  readonly note: (what: string) => void
  /**
   * The time since which every complete Run of the Activation has desired the link; undefined if the last one did not.
   */
  wantedSince(who: number, name: LinkName): number | undefined
  /** The target records that its rows named at the last read. */
  followed(who: number): Desired['followed']
  begin(does: 'run' | 'undo' | 'verify', parts: readonly Part[], rows: readonly (readonly RowDraw[])[]): void
  seen(change: WorldChange): void
  /** `complete`: for each part, whether it came to its end. Only then does its read count. */
  end(complete: readonly boolean[], trouble: string | undefined): void
}

export function openBook(
  { world }: Pick<SharedAccount, 'world'>,
  roles: readonly Role[],
  now: () => number,
  note: (what: string) => void,
): Book {
  const states = new Map<LinkName, LinkState>()
  const violations: string[] = []
  /** What each query may have returned at its last read. After a failed Run there are several possibilities. */
  const read = roles.map((): { rows: readonly RowDraw[]; desired: Desired }[] => [])
  const hasRead = roles.map(() => false)
  /** Per Activation: the links of its last complete Run, with the time since which every Run has desired them. */
  const relied = roles.map(() => new Map<LinkName, number>())
  /** Links that an undo removed and that no Run has desired since. */
  const takenBack = roles.map(() => new Set<LinkName>())
  let act:
    | {
        does: 'run' | 'undo' | 'verify'
        parts: readonly Part[]
        rows: readonly (readonly RowDraw[])[]
        before: ReadonlySet<LinkName>
      }
    | undefined
  let touched = new Set<LinkName>()

  const stateOf = (object: ManualEdit['link'], name: LinkName): LinkState => {
    const known = states.get(name)
    if (known !== undefined) return known
    const fresh: LinkState = {
      name,
      object,
      present: false,
      by: 'person',
      putAt: 0,
      restored: false,
      murky: undefined,
      adopters: new Set(),
      sureAdopters: new Set(),
      ourPuts: [],
      waits: false,
      removedBy: undefined,
      removedAt: -Infinity,
      missedBy: new Set(),
    }
    states.set(name, fresh)
    return fresh
  }
  const behaviorOf = ({ who }: Part): Role['behavior'] => roles[who]?.behavior ?? 'attach'
  const objectOf = ({ who }: Part): string => links[roles[who]?.kind ?? 'contact tags by id'].object

  /** The parts that may explain a change. Of two concurrent Runs, those with a reason for it. */
  const reasonsToPut = (name: LinkName): readonly Part[] =>
    act?.parts.filter((part) =>
      act?.does === 'undo'
        ? part.undoes?.removed.has(name) === true
        : act?.does === 'run' &&
          behaviorOf(part) !== 'detach' &&
          (part.desired.links.has(name) || part.desired.unsettled.has(name)),
    ) ?? []
  const reasonsToRemove = (name: LinkName): readonly Part[] =>
    act?.parts.filter((part) =>
      act?.does === 'undo'
        ? part.undoes?.askedOn.has(name) === true
        : act?.does === 'run' &&
          (behaviorOf(part) === 'detach'
            ? part.desired.links.has(name) || part.desired.unsettled.has(name)
            : behaviorOf(part) === 'mirror' && !part.desired.links.has(name) && name.startsWith(`${objectOf(part)} `)),
    ) ?? []

  /**
   * Whether the Activation desires the link under every possible read, both as the account was then and as it is now.
   */
  const surelyDesires = (who: number, name: LinkName): boolean => {
    const role = roles[who]
    const readings = read[who] ?? []
    return (
      role !== undefined &&
      role.behavior !== 'detach' &&
      hasRead[who] === true &&
      takenBack[who]?.has(name) !== true &&
      readings.every(({ rows, desired }) => desired.links.has(name) && desiredOf(world, role, rows).links.has(name))
    )
  }

  /** Whether the Target's data could make a person's link look managed. */
  const looksManaged = ({ object, ourPuts, putAt, adopters }: LinkState): boolean =>
    object === 'contact_tag'
      ? ourPuts.some(({ at }) => Math.abs(at - putAt) <= clocksMs)
      : adopters.size > 0 || ourPuts.some(({ at, changed }) => changed || Math.abs(at - putAt) <= indexMs)

  const personDid = (state: LinkState, isPut: boolean, changed: boolean): void => {
    if (!changed) return
    if (isPut) Object.assign(state, { present: true, by: 'person', putAt: now(), restored: false, murky: undefined })
    else {
      const missing = roles.flatMap((_, who) =>
        relied[who]?.has(state.name) === true ||
        act?.parts.some((part) => part.who === who && part.desired.links.has(state.name)) === true
          ? [who]
          : [],
      )
      Object.assign(state, { present: false, removedBy: 'person', removedAt: now(), missedBy: new Set(missing) })
      state.sureAdopters.clear()
    }
  }

  const takeDown = (effect: Effect, asked: Set<LinkName>, name: LinkName): void => {
    if (asked.has(name)) effect.repeats += 1
    asked.add(name)
  }

  const wePut = (state: LinkState, changed: boolean): void => {
    const { name } = state
    const [part, other] = reasonsToPut(name)
    state.ourPuts.push({ at: now(), changed })
    if (part === undefined) return void violations.push(`put on, though nobody asked for it: ${name}`)
    for (const { effect } of changed ? [part] : reasonsToPut(name)) takeDown(effect, effect.askedOn, name)
    if (!changed) return
    touched.add(name)
    part.effect.put.add(name)
    const restored = act?.does === 'undo'
    Object.assign(state, {
      present: true,
      putAt: now(),
      restored,
      murky: other === undefined ? undefined : 'put by two at once',
      by: restored ? state.by : part.who,
    })
    takenBack[part.who]?.delete(name)
  }

  const weRemoved = (state: LinkState, changed: boolean): void => {
    const { name } = state
    const reasons = reasonsToRemove(name)
    // Prefer a detach as the explanation: it removes links of any author.
    const part = reasons.find((each) => act?.does === 'run' && behaviorOf(each) === 'detach') ?? reasons[0]
    if (part === undefined) return void violations.push(`taken off, though nobody asked for that: ${name}`)
    for (const { effect } of changed ? [part] : reasonsToRemove(name)) takeDown(effect, effect.askedOff, name)
    if (!changed) return
    part.effect.removed.add(name)
    const detaches = act?.does === 'run' && behaviorOf(part) === 'detach'
    if (state.by === 'person' && !detaches) {
      if (state.adopters.size > 0) note('adopted link taken off')
      else if (looksManaged(state)) note("a person's link that looks like ours taken off")
      else violations.push(`taken off, though a person had put it there: ${name}`)
    }
    const others = detaches
      ? []
      : roles.flatMap((_, who) => (who !== part.who && surelyDesires(who, name) ? [who] : []))
    if (others.length > 0) violations.push(`taken off, though activation ${others.join(' and ')} wants it: ${name}`)
    if (act?.does === 'undo') takenBack[part.who]?.add(name)
    if (state.waits) note('taken off once nobody wanted it any more')
    Object.assign(state, {
      present: false,
      removedBy: detaches ? 'detach' : act?.does === 'undo' ? 'undo' : 'mirror',
      removedAt: now(),
      missedBy: new Set(),
      waits: false,
    })
    state.adopters.clear()
    state.sureAdopters.clear()
  }

  return {
    violations,
    links: states,
    note,
    wantedSince: (who, name) => relied[who]?.get(name),
    followed: (who) => read[who]?.at(-1)?.desired.followed ?? noneDesired.followed,
    begin(does, parts, rows) {
      act = {
        does,
        parts,
        rows,
        before: new Set([...states.values()].filter(({ present }) => present).map(({ name }) => name)),
      }
      touched = new Set()
      if (does !== 'run') return
      for (const [index, { who, desired }] of parts.entries()) {
        read[who]?.push({ rows: rows[index] ?? [], desired })
        if (roles[who]?.ownership !== 'adopt' || roles[who]?.behavior !== 'mirror') continue
        for (const name of desired.links) stateOf(objectOfName(name), name).adopters.add(who)
      }
    },
    seen({ what, kind, targetRecord, group, changed, requestId }) {
      const object =
        what === 'join' || what === 'leave'
          ? 'contact_company'
          : what === 'attach' || what === 'detach'
            ? (`${kind}_tag` as ManualEdit['link'])
            : undefined
      if (object === undefined) {
        if (requestId !== undefined)
          violations.push(`${what} of ${kind} ${targetRecord}, which no activation of links does`)
        return
      }
      const state = stateOf(object, linkName(object, targetRecord ?? '', group ?? ''))
      const isPut = what === 'attach' || what === 'join'
      if (requestId === undefined) personDid(state, isPut, changed)
      else if (isPut) wePut(state, changed)
      else weRemoved(state, changed)
    },
    end(complete, trouble) {
      if (act === undefined) return
      const { does, parts, before } = act
      if (trouble !== undefined) for (const name of touched) stateOf(objectOfName(name), name).murky = trouble
      for (const [index, { who, desired }] of parts.entries()) {
        if (does !== 'run' || complete[index] !== true) continue
        const wanted = relied[who] ?? new Map<LinkName, number>()
        for (const name of desired.links) {
          const state = stateOf(objectOfName(name), name)
          const isNew = !wanted.has(name) && before.has(name) && now() - state.putAt > indexMs
          if (isNew && trouble === undefined && state.adopters.has(who) && state.present) state.sureAdopters.add(who)
        }
        read[who]?.splice(0, read[who].length - 1)
        for (const name of wanted.keys()) {
          const state = states.get(name)
          if (
            desired.links.has(name) ||
            state?.present !== true ||
            state.by === 'person' ||
            roles[who]?.behavior !== 'mirror'
          )
            continue
          if (!roles.some((_, other) => other !== who && surelyDesires(other, name))) continue
          state.waits = true
          note('left, and kept for another')
        }
        hasRead[who] = true
        takenBack[who]?.clear()
        relied[who] = new Map([...desired.links].map((name) => [name, wanted.get(name) ?? now()]))
      }
      act = undefined
    },
  }
}

function objectOfName(name: LinkName): ManualEdit['link'] {
  return name.slice(0, name.indexOf(' ')) as ManualEdit['link']
}
