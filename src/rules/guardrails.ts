/** A limit: none, a number of records, or a share (0 to 1) of a total that depends on the rule. */
export type Limit = 'off' | { readonly count: number } | { readonly share: number }

export interface Limits {
  readonly adds: Limit
  /** Target records that get other values. Default: as `adds`. */
  readonly updates?: Limit
  readonly removes: Limit
  /** Invalid rows above which a Run does not start to write. */
  readonly invalid: Limit
  /** Rejections among the answers above which a Run stops. */
  readonly failures: Limit
  /** Rows that may be missing, compared with the last Run. */
  readonly shrunk: Limit
  /**
   * Target records that one Run may write to, as a share of all in the Target. Unlike `adds`, it also limits a first
   * Run.
   */
  readonly population?: Limit
}

/** The rules, as `--allow` names them. `create` allows a new group although the Activation does not. */
export const guardRules = [
  'adds',
  'updates',
  'removes',
  'empty',
  'shrunk',
  'invalid',
  'failures',
  'create',
  'population',
] as const
export type GuardRule = (typeof guardRules)[number]

/** Shares do not apply to fewer records than this. */
const tooFewForShares = 20
/** Answers to wait for before the limit on failures applies. */
const firstAnswers = 100

/** Size of a Plan, in Records. */
export interface WriteCounts {
  readonly adds: number
  readonly updates: number
  readonly removes: number
}

export interface PlanFigures extends WriteCounts {
  /** Whether the behavior removes what was removed from the query. */
  readonly removesWhatLeft: boolean
  readonly read: number
  /** Rows of the last Run that read to the end; undefined: there is none. */
  readonly lastRead: number | undefined
  readonly invalid: number
  /** Of `adds`, those that the Target does not hold yet; undefined: not read. */
  readonly missing?: number | undefined
  /**
   * Removals delete or archive target records. Without `removesWhatLeft` a share of them is of `population`, not of
   * `synced`.
   */
  readonly removesRecords: boolean
  /** Records that this Activation has synced. */
  readonly synced: number
  /** Whether any Run ran to its end. A Run that continues an interrupted first Run is still the first. */
  readonly wentThrough: boolean
  /** All writes of the Plan, including those that an earlier Run had planned. */
  readonly writes: number
  /** Number of target records of this object in the Target; undefined: not requested or not available. */
  readonly population: number | undefined
}

export interface Violation {
  readonly rule: GuardRule
  /** The figures, as a sentence. */
  readonly words: string
}

/** Checks the comparison before the Target is read, and the complete Plan before its first write. */
export function judgePlan(figures: PlanFigures, limits: Limits): Violation[] {
  const {
    read,
    lastRead,
    invalid,
    adds,
    updates,
    removes,
    synced,
    removesWhatLeft,
    removesRecords,
    wentThrough,
    writes,
    population,
  } = figures
  const removable = removesRecords && !removesWhatLeft ? population : synced
  const found: (Violation | undefined)[] = [
    removesWhatLeft && read === 0 && synced > 0 ? { rule: 'empty', words: emptyWords(figures) } : undefined,
    removesWhatLeft && read > 0 && lastRead !== undefined && exceeds(limits.shrunk, lastRead - read, lastRead)
      ? {
          rule: 'shrunk',
          words: `The query returned ${counted(read, 'row')}; the last Run read ${lastRead}. The limit is ${limitWords(limits.shrunk)} fewer.`,
        }
      : undefined,
    exceeds(limits.invalid, invalid, read)
      ? {
          rule: 'invalid',
          words: `${invalid} of ${counted(read, 'row')} could not become ${read === 1 ? 'a record' : 'records'}. The limit is ${limitWords(limits.invalid)}.`,
        }
      : undefined,
    exceeds(limits.adds, adds, wentThrough ? synced : 0)
      ? {
          rule: 'adds',
          words: `${addWords(figures)}; the Activation holds ${synced}. The limit is ${limitWords(limits.adds)}.`,
        }
      : undefined,
    exceeds(limits.updates ?? limits.adds, updates, wentThrough ? synced : 0)
      ? {
          rule: 'updates',
          words: `${counted(updates, 'record')} would be updated; the Activation holds ${synced}. The limit is ${limitWords(limits.updates ?? limits.adds)}.`,
        }
      : undefined,
    exceeds(limits.removes, removes, removable ?? 0)
      ? { rule: 'removes', words: removeWords(figures, removable, limits.removes) }
      : undefined,
    population !== undefined && limits.population !== undefined && exceeds(limits.population, writes, population)
      ? {
          rule: 'population',
          words: `${counted(writes, 'record')} would be written to; the Target has ${population}. The limit is ${limitWords(limits.population)}.`,
        }
      : undefined,
  ]
  return found.filter((violation) => violation !== undefined)
}

function addWords({ adds, missing = adds }: PlanFigures): string {
  return missing < adds
    ? `${counted(adds, 'record')} ${adds === 1 ? 'is' : 'are'} new in the query, and ${missing} of them would be added`
    : `${counted(adds, 'record')} would be added`
}

/** Says what would be removed, not what is synced: some of that may be external. */
function emptyWords({ removes, synced }: PlanFigures): string {
  const all = synced === 1 ? 'the one record' : `all ${synced} records`
  if (removes >= synced) return `The query returned nothing, and the Run would remove ${all} that the Activation holds.`
  return `The query returned nothing; of the ${counted(synced, 'record')} that the Activation holds, ${removes === 0 ? 'none' : removes} would be removed.`
}

function removeWords(
  { removes, removesRecords, removesWhatLeft }: PlanFigures,
  of: number | undefined,
  limit: Limit,
): string {
  const whole =
    of === undefined
      ? ''
      : removesRecords && !removesWhatLeft
        ? `; the Target has ${of}`
        : `; the Activation holds ${of}`
  return `${counted(removes, 'record')} would be ${removesRecords ? 'deleted or archived' : 'removed'}${whole}. The limit is ${limitWords(limit)}.`
}

/** Checks a Run during delivery: how many of the answered records were rejected? */
export function judgeFailures(answers: number, rejected: number, limit: Limit): Violation | undefined {
  if (answers < firstAnswers || !exceeds(limit, rejected, answers)) return undefined
  return {
    rule: 'failures',
    words: `${rejected} of the first ${answers} answers ${rejected === 1 ? 'was a rejection' : 'were rejections'}. The limit is ${limitWords(limit)}.`,
  }
}

/** A share does not apply when its total is zero, nor to a few records. */
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
