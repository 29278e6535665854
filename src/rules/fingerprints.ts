import { createHash } from 'node:crypto'
import { fieldPrintLength, isEmpty, type FieldValue, type Fields } from '../model/field.ts'

/**
 * What a Record's Fields were when they were last settled, without keeping their values: for each Field a piece of fixed length, the
 * start of a hash of its name and of its value (66 bits each), in base64url, one after another. Of a Field that the Target keeps in
 * another form than it was asked for (a phone number without its signs), there is a second piece, of what was asked.
 */
export type Prints = string

const pieceLength = fieldPrintLength
const nameLength = pieceLength / 2
const valueLength = pieceLength - nameLength

export function printsOf(fields: Fields): Prints {
  return Object.keys(fields).sort().map((name) => namePrint(name) + valuePrint(fields[name] ?? null)).join('')
}

/** The same where the Target keeps these Fields in another form than they were asked for. */
export function keptOtherwise(prints: Prints, holds: Fields): Prints {
  const forms = new Map(Object.entries(holds).map(([field, value]) => [namePrint(field), { asked: namePrint(asAsked(field)), held: valuePrint(value) }]))
  return piecesOf(prints).map((piece) => {
    const name = piece.slice(0, nameLength)
    const form = forms.get(name)
    return form === undefined ? piece : name + form.held + form.asked + piece.slice(nameLength)
  }).join('')
}

/** The same, but for these Fields as they were settled before, since nothing new is asked for them. */
export function carriedOver(prints: Prints, was: Prints, fields: readonly string[]): Prints {
  const names = new Set(fields.flatMap((field) => [namePrint(field), namePrint(asAsked(field))]))
  const isCarried = (piece: string): boolean => names.has(piece.slice(0, nameLength))
  return [...piecesOf(prints).filter((piece) => !isCarried(piece)), ...piecesOf(was).filter(isCarried)].join('')
}

/** Whether the Field had this value; undefined where it was not among them. */
export function hadValue(prints: Prints, field: string, value: FieldValue): boolean | undefined {
  const name = namePrint(field)
  for (let at = 0; at < prints.length; at += pieceLength) {
    if (prints.startsWith(name, at)) return prints.slice(at + nameLength, at + pieceLength) === valuePrint(value)
  }
  return undefined
}

/** Whether the Field was last asked to have this value, in whatever form the Target keeps it; undefined where it was not among them. */
export function wasAsked(prints: Prints, field: string, value: FieldValue): boolean | undefined {
  return hadValue(prints, asAsked(field), value) ?? hadValue(prints, field, value)
}

/** Of the Fields that are printed, those that now hold something else. Empty in any form is empty. */
export function driftedFields(prints: Prints, now: Fields): string[] {
  return Object.keys(now).filter((field) => {
    const value = now[field] ?? null
    const had = hadValue(prints, field, value)
    return had === false && !(isEmpty(value) && (hadValue(prints, field, null) === true || hadValue(prints, field, '') === true))
  })
}

function asAsked(field: string): string {
  return `${field} as asked`
}

function piecesOf(prints: Prints): string[] {
  return Array.from({ length: prints.length / pieceLength }, (_, at) => prints.slice(at * pieceLength, (at + 1) * pieceLength))
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
