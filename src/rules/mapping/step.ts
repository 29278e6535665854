/** Why one value cannot be brought into its Field. */
export interface ValueTrouble {
  /** Goes on after "which": `is not a whole number`. */
  readonly why: string
  /** What to do, as a sentence. */
  readonly advice: string
}

/** One step of a value on its way, always an exact text; null where nothing is left of it. */
export type Step = (text: string) => string | null | ValueTrouble

/** Steps one after another; what ends the way early ends it. */
export function chain(steps: readonly Step[]): Step {
  const [first, second, third] = steps
  if (first === undefined) return (text) => text
  if (second === undefined) return first
  if (third === undefined) {
    return (text) => {
      const value = first(text)
      return typeof value === 'string' ? second(value) : value
    }
  }
  return (text) => {
    let value: string | null | ValueTrouble = text
    for (const step of steps) {
      value = step(value)
      if (typeof value !== 'string') return value
    }
    return value
  }
}
