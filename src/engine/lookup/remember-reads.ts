import type { Pool } from 'pg'
import type { TargetObject } from '../../connect/target.ts'
import type { Found, Observed } from '../../model/observed.ts'
import type { Identity } from '../../model/record.ts'
import { keepReads, loadKeptReads, type KeptRead } from '../../store/snapshot/kept-reads.ts'
import { keptReadsMs } from './kept-reads.ts'

/** Limit of answers that are kept per Run, to bound memory. */
const most = 100_000

/**
 * Keeps what a Run reads from the Target while it plans. If the time limit is reached or the Target stops answering
 * before the Plan is complete, the next Run reuses these answers for some minutes.
 */
export interface ReadMemory {
  /** The object, which asks the Target only for what is not kept. */
  remembering(object: TargetObject): TargetObject
  /** Saves the answers for the next Run. */
  keep(): Promise<void>
  /** Delivery began: deletes the saved answers. */
  forget(): Promise<void>
}

export async function openReadMemory(
  pool: Pool,
  of: { readonly activationId: number; readonly account: string; readonly now: () => number },
): Promise<ReadMemory> {
  const known = new Map<string, KeptRead>()
  const fresh = new Map<string, KeptRead>()
  const nameOf = (source: string, value: string): string => JSON.stringify([source, value])
  for (const read of await loadKeptReads(pool, {
    activationId: of.activationId,
    accountId: of.account,
    since: new Date(of.now() - keptReadsMs),
  }))
    known.set(nameOf(read.source, read.value), read)
  const note = (source: string, value: string, answer: string | null): void => {
    if (fresh.size < most) fresh.set(nameOf(source, value), { source, value, answer, at: new Date(of.now()) })
  }

  /** Yields the kept answers, asks for the rest, and keeps these. */
  async function* asked<Answer>(
    source: string,
    values: readonly string[],
    ask: (open: ReadonlySet<string>) => AsyncIterable<Answer>,
    valueOf: (answer: Answer) => string,
  ): AsyncGenerator<Answer> {
    const open = new Set<string>()
    for (const value of values) {
      const read = known.get(nameOf(source, value))
      if (read === undefined) open.add(value)
      else if (read.answer !== null) yield JSON.parse(read.answer) as Answer
    }
    if (open.size === 0) return
    const silent = new Set(open)
    for await (const answer of ask(open)) {
      silent.delete(valueOf(answer))
      note(source, valueOf(answer), JSON.stringify(answer))
      yield answer
    }
    for (const value of silent) note(source, value, null)
  }

  /** Grouped by identifying field: one call takes target records of one field. */
  async function* observed(
    source: string,
    want: readonly Identity[],
    ask: (open: readonly Identity[]) => AsyncIterable<Observed>,
  ): AsyncGenerator<Observed> {
    for (const [field, of] of Map.groupBy(want, (identity) => identity.field)) {
      yield* asked(
        `${source} ${field}`,
        of.map(({ value }) => value),
        (open) => ask(of.filter(({ value }) => open.has(value))),
        ({ identity }: Observed) => identity.value,
      )
    }
  }

  return {
    remembering(object) {
      const place = `${of.account} ${object.id}`
      const { find, listing } = object
      const listed = listing?.of?.bind(listing)
      return {
        ...object,
        read: (io, ready, want) => observed(`${place} observe`, want, (open) => object.read(io, ready, open)),
        ...(find && {
          find: {
            perCall: (field) => find.perCall(field),
            find: (io, ready, field, values) =>
              asked(
                `${place} find ${field}`,
                values,
                (open) => find.find(io, ready, field, [...open]),
                ({ value }: Found) => value,
              ),
          },
        }),
        ...(listing && {
          listing: {
            ...listing,
            ...(listed && {
              of: (io, ready, want) => observed(`${place} survey`, want, (open) => listed(io, ready, open)),
            }),
          },
        }),
      }
    },
    keep: () => keepReads(pool, of.activationId, [...known.values(), ...fresh.values()]),
    async forget() {
      if (known.size > 0) await keepReads(pool, of.activationId, [])
    },
  }
}
