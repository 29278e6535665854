/** How much is too much: never, so many records, or a share (0 to 1) of what the Activation holds. */
export type Limit = 'off' | { readonly count: number } | { readonly share: number }

export interface Limits {
  readonly adds: Limit
  /** Things that get other values. Left out: as `adds`. */
  readonly updates?: Limit
  readonly removes: Limit
  /** Share of refused rows above which a Run does not begin to write. */
  readonly refused: Limit
  /** Share of failures among the answers above which a Run stops. */
  readonly failures: Limit
  /** Share of the last answer's rows that may be missing. */
  readonly shrunk: Limit
  /** Share of all there are in the Target that one Run may write to. Unlike `adds` it binds a first Run, too. */
  readonly population?: Limit
}

/** The rules by the names that `--allow` takes. `create` lets a tag be made although the Activation does not say so. */
export const guardRules = ['adds', 'updates', 'removes', 'empty', 'shrunk', 'refused', 'failures', 'create', 'population'] as const
export type GuardRule = (typeof guardRules)[number]

/** A share says nothing of so few records. */
const tooFewForShares = 20
/** Answers to wait for before the share of failures is judged. */
const firstAnswers = 100

export interface PlanFigures {
  /** Whether the behaviour takes off what left the query. */
  readonly removesWhatLeft: boolean
  readonly read: number
  /** Rows of the last Run that read to the end; undefined before there was one. */
  readonly lastRead: number | undefined
  readonly refused: number
  readonly adds: number
  readonly updates: number
  readonly removes: number
  /** Removals delete or archive things: then they are judged by how many there are, since the Activation does not hold them. */
  readonly removesThings: boolean
  /** Records this Activation holds. */
  readonly held: number
  /** Has a Run ever gone to its end? One that goes on with an interrupted first Run is still the first. */
  readonly wentThrough: boolean
  /** All things of this kind in the Target; undefined where it was not asked or cannot tell. */
  readonly population: number | undefined
}

export interface Violation {
  readonly rule: GuardRule
  /** The figures, as a sentence. */
  readonly words: string
}

/** Judges a complete Plan before its first write. */
export function judgePlan(figures: PlanFigures, limits: Limits): Violation[] {
  const { read, lastRead, refused, adds, updates, removes, held, removesWhatLeft, removesThings, wentThrough, population } = figures
  const writes = adds + updates + removes
  const removable = removesThings && !removesWhatLeft ? population ?? held : held
  const found: (Violation | undefined)[] = [
    removesWhatLeft && read === 0 && held > 0
      ? { rule: 'empty', words: `The query returned nothing, and this would take off ${held === 1 ? 'the one record' : `all ${held} records`} that the Activation holds.` }
      : undefined,
    removesWhatLeft && read > 0 && lastRead !== undefined && exceeds(limits.shrunk, lastRead - read, lastRead)
      ? { rule: 'shrunk', words: `The query returned ${counted(read, 'row')}; the last Run read ${lastRead}. The limit is ${limitWords(limits.shrunk)} fewer.` }
      : undefined,
    exceeds(limits.refused, refused, read)
      ? { rule: 'refused', words: `${refused} of ${counted(read, 'row')} could not become ${read === 1 ? 'a record' : 'records'}. The limit is ${limitWords(limits.refused)}.` }
      : undefined,
    exceeds(limits.adds, adds, wentThrough ? held : 0)
      ? { rule: 'adds', words: `${counted(adds, 'record')} would be added; the Activation holds ${held}. The limit is ${limitWords(limits.adds)}.` }
      : undefined,
    exceeds(limits.updates ?? limits.adds, updates, wentThrough ? held : 0)
      ? { rule: 'updates', words: `${counted(updates, 'record')} would get other values; the Activation holds ${held}. The limit is ${limitWords(limits.updates ?? limits.adds)}.` }
      : undefined,
    exceeds(limits.removes, removes, removable)
      ? { rule: 'removes', words: removeWords(figures, removable, limits.removes) }
      : undefined,
    population !== undefined && limits.population !== undefined && exceeds(limits.population, writes, population)
      ? { rule: 'population', words: `${counted(writes, 'record')} would be written to; the Target has ${population}. The limit is ${limitWords(limits.population)}.` }
      : undefined,
  ]
  return found.filter((violation) => violation !== undefined)
}

function removeWords({ removes, removesThings, removesWhatLeft }: PlanFigures, of: number, limit: Limit): string {
  const whole = removesThings && !removesWhatLeft ? `the Target has ${of}` : `the Activation holds ${of}`
  return `${counted(removes, 'record')} would be ${removesThings ? 'deleted or archived' : 'removed'}; ${whole}. The limit is ${limitWords(limit)}.`
}

/** Judges a Run while it delivers. */
export function judgeFailures(answers: number, failures: number, limit: Limit): Violation | undefined {
  if (answers < firstAnswers || !exceeds(limit, failures, answers)) return undefined
  return { rule: 'failures', words: `${failures} of the first ${answers} answers ${failures === 1 ? 'was a failure' : 'were failures'}. The limit is ${limitWords(limit)}.` }
}

/** A share does not bind while there is nothing to take it of, nor for a handful of records. */
function exceeds(limit: Limit, amount: number, of: number): boolean {
  if (limit === 'off') return false
  if ('count' in limit) return amount > limit.count
  return of > 0 && amount >= tooFewForShares && amount > of * limit.share
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function limitWords(limit: Limit): string {
  if (limit === 'off') return 'off'
  return 'count' in limit ? String(limit.count) : `${Math.round(limit.share * 1000) / 10} %`
}
