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
  { kind: start, steps: read }: ColumnReading,
  clean: readonly Cleaner[],
  as: FieldType | undefined,
  field: Field,
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
      if (kind !== 'text')
        return unfit(
          kind,
          cleaner,
          'text',
          `Remove ${cleaner} from clean, or put it before the step that makes the value a number.`,
        )
      steps.push(onText)
      continue
    }
    // Read a text with its fraction, so that there is something to round.
    if (kind === 'text' && (pending === 'integer' || pending === 'decimal')) readAs('decimal', true)
    if (kind !== 'integer' && kind !== 'decimal' && kind !== 'float') {
      return unfit(
        kind,
        cleaner,
        'numbers',
        kind === 'text' ? 'If it is a number, set as: decimal.' : `Remove ${cleaner} from clean.`,
      )
    }
    const onNumber = cleanNumber(cleaner)
    if (onNumber !== undefined) steps.push(onNumber)
    kind = 'integer'
  }
  if (pending !== undefined && !readAs(pending, true)) {
    return mismatch(`is ${kindWords[kind]}, which cannot be read as ${kindWords[pending]}`, 'Convert it in the query.')
  }
  const arrived: CastKind = kind
  if (!readAs(field.type, false))
    return mismatch(
      `is ${kindWords[arrived]}, and the Field takes ${fieldWords(field)}`,
      castAdvice(arrived, field.type),
    )
  return chain([...steps, writeField(field, arrived)])
}

function unfit(kind: CastKind, cleaner: Cleaner, isFor: string, advice: string): NoWay {
  return { code: 'cleaner-unfit', why: `is ${kindWords[kind]}, and ${cleaner} applies to ${isFor}`, advice }
}

function mismatch(why: string, advice: string): NoWay {
  return { code: 'field-type-mismatch', why, advice }
}

const kindWords: Readonly<Record<CastKind, string>> = {
  text: 'text',
  integer: 'a whole number',
  decimal: 'a decimal number',
  float: 'a floating-point number',
  boolean: 'a boolean',
  date: 'a date',
  timestamp: 'a time',
  structure: 'a list or a structure',
}

function fieldWords({ type, options }: Field): string {
  return options === undefined ? kindWords[type] : `one of its ${options.length} options`
}

function castAdvice(from: CastKind, to: FieldType): string {
  if (from === 'structure') return 'Extract the part you need in the query.'
  if (to === 'integer' && (from === 'decimal' || from === 'float'))
    return 'Set clean: round (or floor, or ceil). If it is always whole, set as: integer.'
  if (cast(from, to, true) === undefined) return 'Map another column, or convert it in the query.'
  return from === 'integer' && to !== 'boolean'
    ? `If it is a number of seconds since 1970, set as: ${to}.`
    : `If its values can be read as ${to}, set as: ${to}.`
}
