import type { Field, FieldType } from '../../model/field.ts'
import type { Cleaner } from '../../model/mapping.ts'
import { cast, type CastKind } from './casts.ts'
import { cleanNumber, cleanText } from './cleaning.ts'
import type { ColumnReading } from './read-column.ts'
import { chain, type Step } from './step.ts'
import { writeField } from './write-field.ts'

/** Why no value can ever be mapped this way; a person must change the Mapping. */
export interface NoWay {
  readonly code: 'cleaner-unfit' | 'field-type-mismatch'
  /** A sentence without its subject: `is a decimal number, and …`. */
  readonly why: string
  readonly advice: string
}

/**
 * All steps of a value: read from its column, cleaned in the order written, cast, written to the Field. Text cleaners
 * need text: they run before or after `as`, whichever gives text. The same holds for number cleaners.
 */
export function valuePath(
  { kind: start, steps: read }: ColumnReading, clean: readonly Cleaner[], as: FieldType | undefined, field: Field,
): Step | NoWay {
  const steps: Step[] = [...read]
  let kind: CastKind = start
  let pending = as
  const readAs = (to: FieldType, isAsked: boolean): boolean => {
    const step = cast(kind, to, isAsked)
    if (step === undefined) return false
    if (step !== null) steps.push(step)
    kind = to
    return true
  }
  for (const cleaner of clean) {
    const onText = cleanText(cleaner)
    if (onText !== undefined) {
      if (kind !== 'text' && pending === 'text' && readAs('text', true)) pending = undefined
      if (kind !== 'text') return unfit(kind, cleaner, 'text', `Take ${cleaner} out of clean, or put it before what makes it a number.`)
      steps.push(onText)
      continue
    }
    // Read a text with its fraction, so that there is something to round.
    if (kind === 'text' && (pending === 'integer' || pending === 'decimal')) readAs('decimal', true)
    if (kind !== 'integer' && kind !== 'decimal' && kind !== 'float') {
      return unfit(kind, cleaner, 'numbers', kind === 'text' ? 'Say as: decimal, if it is one.' : `Take ${cleaner} out of clean.`)
    }
    const onNumber = cleanNumber(cleaner)
    if (onNumber !== undefined) steps.push(onNumber)
    kind = 'integer'
  }
  if (pending !== undefined && !readAs(pending, true)) {
    return mismatch(`is ${kindWords[kind]}, which cannot be read as ${kindWords[pending]}`, 'Turn it into what is needed in the query.')
  }
  const arrived: CastKind = kind
  if (!readAs(field.type, false)) return mismatch(`is ${kindWords[arrived]}, and the Field holds ${fieldWords(field)}`, castAdvice(arrived, field.type))
  return chain([...steps, writeField(field, arrived)])
}

function unfit(kind: CastKind, cleaner: Cleaner, isFor: string, advice: string): NoWay {
  return { code: 'cleaner-unfit', why: `is ${kindWords[kind]}, and ${cleaner} is for ${isFor}`, advice }
}

function mismatch(why: string, advice: string): NoWay {
  return { code: 'field-type-mismatch', why, advice }
}

const kindWords: Readonly<Record<CastKind, string>> = {
  text: 'text', integer: 'a whole number', decimal: 'a decimal number', float: 'a floating-point number', boolean: 'true or false',
  date: 'a day', timestamp: 'a time', structure: 'a list or a structure',
}

function fieldWords({ type, options }: Field): string {
  return options === undefined ? kindWords[type] : `one of its ${options.length} options`
}

function castAdvice(from: CastKind, to: FieldType): string {
  if (from === 'structure') return 'Take the part you need out of it in the query.'
  if (to === 'integer' && (from === 'decimal' || from === 'float')) return 'Say clean: round (or floor, or ceil); or as: integer, if it is always whole.'
  if (cast(from, to, true) === undefined) return 'Map another column, or turn it into that in the query.'
  return from === 'integer' && to !== 'boolean' ? `Say as: ${to}, if it counts seconds since 1970.` : `Say as: ${to}, if that is what it holds.`
}
