import { createHash } from 'node:crypto'
import { isEmpty, type FieldValue, type Fields } from '../model/field.ts'

/**
 * What a Record's Fields were when they were last settled, without keeping their values: for each Field a piece of fixed length, the
 * start of a hash of its name (24 bits) and of its value (48 bits), in base64url, one after another.
 */
export type Prints = string

const nameLength = 4
const valueLength = 8
const pieceLength = nameLength + valueLength

export function printsOf(fields: Fields): Prints {
  return Object.keys(fields).sort().map((name) => namePrint(name) + valuePrint(fields[name] ?? null)).join('')
}

/** The same with other values for these Fields. */
export function withValues(prints: Prints, fields: Fields): Prints {
  const names = new Set(Object.keys(fields).map(namePrint))
  let kept = ''
  for (let at = 0; at < prints.length; at += pieceLength) {
    if (!names.has(prints.slice(at, at + nameLength))) kept += prints.slice(at, at + pieceLength)
  }
  return kept + printsOf(fields)
}

/** Whether the Field had this value; undefined where it was not among them. */
export function hadValue(prints: Prints, field: string, value: FieldValue): boolean | undefined {
  const name = namePrint(field)
  for (let at = 0; at < prints.length; at += pieceLength) {
    if (prints.startsWith(name, at)) return prints.slice(at + nameLength, at + pieceLength) === valuePrint(value)
  }
  return undefined
}

/** Of the Fields that are printed, those that now hold something else. Empty in any form is empty. */
export function driftedFields(prints: Prints, now: Fields): string[] {
  return Object.keys(now).filter((field) => {
    const value = now[field] ?? null
    const had = hadValue(prints, field, value)
    return had === false && !(isEmpty(value) && (hadValue(prints, field, null) === true || hadValue(prints, field, '') === true))
  })
}

function namePrint(name: string): string {
  return digest(name).slice(0, nameLength)
}

function valuePrint(value: FieldValue): string {
  return digest(JSON.stringify(value)).slice(0, valueLength)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
