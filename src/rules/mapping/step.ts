/** Why one value cannot be converted for its Field. */
export interface ValueTrouble {
  /** Continues a sentence after "which": `is not a whole number`. */
  readonly why: string
  /** What to do, as a sentence. */
  readonly advice: string
}

/** One step of a conversion, from exact text to exact text; null: no value is left. */
export type Step = (text: string) => string | null | ValueTrouble

/** Runs steps in order. A null or a ValueTrouble ends the chain. */
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
