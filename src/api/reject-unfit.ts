import { Fault } from '../model/fault.ts'

/** Deeper than any valid config. */
const deepest = 64

/**
 * Rejects request data with text that the database cannot store (NUL, half of a surrogate pair), or that is nested too
 * deep: recursive code could overflow its stack. Throws a Fault `usage`, `request-invalid`.
 */
export function rejectUnfit(sent: readonly unknown[]): void {
  const left = sent.map((value) => ({ value, depth: 0 }))
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, depth } = next
    if (typeof value === 'string') rejectText(value)
    else if (typeof value === 'object' && value !== null) {
      if (depth === deepest)
        throw unfit(`is nested in more than ${deepest} levels`, 'Send only the value, without the nesting around it.')
      for (const [key, item] of Object.entries(value)) {
        rejectText(key)
        left.push({ value: item, depth: depth + 1 })
      }
    }
  }
}

export function isKeepable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function rejectText(text: string): void {
  if (!isKeepable(text))
    throw unfit('contains a NUL character, or half of a surrogate pair', 'Send texts as Unicode, without U+0000.')
}

function unfit(why: string, advice: string): Fault {
  return new Fault('usage', `The request ${why}.`, { code: 'request-invalid', advice })
}
