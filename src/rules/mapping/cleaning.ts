import type { Cleaner } from '../../model/mapping.ts'
import { roundDecimal } from './decimals.ts'
import { readDecimal } from './casts.ts'
import type { Step } from './step.ts'

type NumberCleaner = 'round' | 'floor' | 'ceil'

const forText: Readonly<Record<Exclude<Cleaner, NumberCleaner>, Step>> = {
  trim: (text) => text.trim(),
  collapse: (text) => text.replace(/\s+/g, ' ').trim(),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  digits: (text) => text.replace(/\D+/g, ''),
  emptyToNull: (text) => (text.trim() === '' ? null : text),
}

/** The step of a cleaner for text; undefined: it is for numbers. */
export function cleanText(cleaner: Cleaner): Step | undefined {
  return isForNumbers(cleaner) ? undefined : forText[cleaner]
}

/** The step of a cleaner for numbers, which returns a whole number; undefined: it is for text. */
export function cleanNumber(cleaner: Cleaner): Step | undefined {
  if (!isForNumbers(cleaner)) return undefined
  return (text) => {
    const plain = readDecimal(text)
    return typeof plain === 'string' ? roundDecimal(plain, cleaner) : plain
  }
}

function isForNumbers(cleaner: Cleaner): cleaner is NumberCleaner {
  return cleaner === 'round' || cleaner === 'floor' || cleaner === 'ceil'
}
