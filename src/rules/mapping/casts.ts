import type { FieldType } from '../../model/field.ts'
import { plainDecimal, wholeOf } from './decimals.ts'
import { momentAt, readDay, readMoment } from './moments.ts'
import type { Step } from './step.ts'

/**
 * The kind of a value between its column and its Field. The value is always an exact text: `float` as the Warehouse
 * writes it, numbers without exponent, `true` and `false`, dates and timestamps as in a FieldValue. A `structure` is
 * compact JSON.
 */
export type CastKind = FieldType | 'float' | 'structure'

/** Casts that need no `as`, because every value of the kind fits. Null: no step is needed. */
const natural: Partial<Record<`${CastKind}>${FieldType}`, Step | null>> = {
  'text>text': null,
  'structure>text': null,
  'integer>integer': null,
  'integer>decimal': null,
  'integer>text': null,
  'decimal>decimal': null,
  'decimal>text': null,
  'float>decimal': readDecimal,
  'boolean>boolean': null,
  'boolean>text': null,
  'date>date': null,
  'date>timestamp': (day) => `${day}T00:00:00Z`,
  'date>text': null,
  'timestamp>timestamp': null,
  'timestamp>date': (moment) => moment.slice(0, 10),
  'timestamp>text': null,
}

/** Casts that need `as`. */
const asked: Partial<Record<`${CastKind}>${FieldType}`, Step>> = {
  'text>integer': readInteger,
  'text>decimal': readDecimal,
  'text>boolean': readBoolean,
  'text>date': dayIn,
  'text>timestamp': momentIn,
  'integer>boolean': readBoolean,
  'integer>date': (seconds) => orTrouble(momentAt(Number(seconds))?.slice(0, 10), ...noSeconds),
  'integer>timestamp': (seconds) => orTrouble(momentAt(Number(seconds)), ...noSeconds),
  'decimal>integer': readInteger,
  'float>integer': readInteger,
  'float>text': readDecimal,
  'boolean>integer': (text) => (text === 'true' ? '1' : '0'),
}

const noSeconds = ['is not a number of seconds since 1970', 'Divide milliseconds by 1000 in the query.'] as const

/** The step that casts one kind to another; null: no step is needed; undefined: no such cast. */
export function cast(from: CastKind, to: FieldType, isAsked: boolean): Step | null | undefined {
  const step = natural[`${from}>${to}`]
  return step === undefined && isAsked ? asked[`${from}>${to}`] : step
}

export function readDecimal(text: string): ReturnType<Step> {
  return orTrouble(plainDecimal(text.trim()), 'is not a number', 'Correct it in the query, or return null.')
}

function readInteger(text: string): ReturnType<Step> {
  const plain = plainDecimal(text.trim())
  const whole = plain === undefined ? undefined : wholeOf(plain)
  return orTrouble(
    whole,
    'is not a whole number',
    'Round it (clean: round, floor or ceil), or correct it in the query.',
  )
}

const booleans: Readonly<Record<string, string>> = {
  true: 'true',
  t: 'true',
  yes: 'true',
  1: 'true',
  false: 'false',
  f: 'false',
  no: 'false',
  0: 'false',
}

function readBoolean(text: string): ReturnType<Step> {
  const word = text.trim().toLowerCase()
  const value = Object.hasOwn(booleans, word) ? booleans[word] : undefined
  return orTrouble(value, 'is not a boolean', 'Convert it to one of true, false, t, f, yes, no, 1 and 0 in the query.')
}

export function dayIn(text: string): ReturnType<Step> {
  return orTrouble(
    readDay(text.trim()),
    'is not a date of the years 1 to 9999, written like 2026-11-22',
    'Correct it in the query, or return null.',
  )
}

export function momentIn(text: string): ReturnType<Step> {
  return orTrouble(
    readMoment(text.trim()),
    'is not a time of the years 1 to 9999, written like 2026-11-22T09:30:00Z',
    'Correct it in the query, or return null.',
  )
}

function orTrouble(value: string | undefined, why: string, advice: string): ReturnType<Step> {
  return value ?? { why, advice }
}
