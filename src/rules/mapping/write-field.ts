import type { Field } from '../../model/field.ts'
import { exactDouble } from './decimals.ts'
import type { CastKind } from './casts.ts'
import type { Step, ValueTrouble } from './step.ts'

/** How many options a message names. */
const namedOptions = 12

/**
 * The last step: checks a value against its Field and writes it as JSON. It has the Field's type by now, or is a
 * number.
 */
export function writeField(field: Field, kind: CastKind): Step {
  switch (field.type) {
    case 'text':
      return writeText(field)
    case 'integer':
    case 'decimal':
      return writeNumber(field, kind)
    case 'boolean':
      return (text) => text
    case 'date':
    case 'timestamp':
      return (text) => `"${text}"`
  }
}

function writeText({ options, maxLength, neverEmpty }: Field): Step {
  const allowed = options === undefined ? undefined : new Set(options)
  return (text) => {
    if (text === '' && neverEmpty === true) return cannotBeEmpty
    if (text.includes('\0') || !text.isWellFormed()) return noText
    if (allowed !== undefined && text !== '' && !allowed.has(text)) return notAnOption(options ?? [])
    // An emoji is one character, but two UTF-16 units.
    if (maxLength !== undefined && text.length > maxLength && [...text].length > maxLength) {
      return {
        why: `has ${[...text].length} characters, and the Field allows ${maxLength}`,
        advice: 'Shorten it in the query.',
      }
    }
    return JSON.stringify(text)
  }
}

function writeNumber({ type, min = -Infinity, max = Infinity }: Field, kind: CastKind): Step {
  const isWhole = kind === 'integer' || type === 'integer'
  return (text) => {
    const value = kind === 'float' ? Number(text) : isWhole ? safeInteger(text) : exactDouble(text)
    if (value === undefined) return isWhole ? tooLarge : tooManyDigits
    if (value < min) return { why: `is below ${min}, the minimum of the Field`, advice: 'Correct it in the query.' }
    if (value > max) return { why: `is above ${max}, the maximum of the Field`, advice: 'Correct it in the query.' }
    return String(value === 0 ? 0 : value)
  }
}

function safeInteger(text: string): number | undefined {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

function notAnOption(options: readonly string[]): ValueTrouble {
  const more = options.length - namedOptions
  const named = options
    .slice(0, namedOptions)
    .map((option) => `"${option}"`)
    .join(', ')
  return {
    why: 'is not an option of the Field',
    advice: `The options, exactly as written, are: ${named}${more > 0 ? ` and ${more} more` : ''}. Convert the value in the query, or add it to the Field's options.`,
  }
}

const cannotBeEmpty: ValueTrouble = {
  why: 'is empty, and the Field cannot be emptied',
  advice: 'Set clean: emptyToNull, so that an empty text is not sent.',
}
const noText: ValueTrouble = { why: 'contains a NUL or an incomplete character', advice: 'Remove it in the query.' }
const tooLarge: ValueTrouble = {
  why: 'has more digits than a number Field keeps (beyond ±9007199254740991 the digits change)',
  advice: 'Map it to a text Field, which keeps all digits.',
}
const tooManyDigits: ValueTrouble = {
  why: 'has more digits than a number Field keeps',
  advice: 'Round it in the query, or map it to a text Field, which keeps all digits.',
}
