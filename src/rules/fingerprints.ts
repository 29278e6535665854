import { createHash } from 'node:crypto'
import { fieldFingerprintLength, isEmpty, type FieldValue, type Fields } from '../model/field.ts'

/**
 * Fingerprints of a Record's Fields as last settled, stored instead of the values. Each Field has one piece of fixed
 * length: the start of a hash of its name and of its value (66 bits each, base64url). A Field that the Target stores in
 * another form than sent (a phone number without punctuation) has a second piece for the value that was sent. A write
 * without a clear answer leaves a piece for each value that it tried to set.
 */
export type Fingerprints = string

const pieceLength = fieldFingerprintLength
const nameLength = pieceLength / 2
const valueLength = pieceLength - nameLength

export function fingerprintsOf(fields: Fields): Fingerprints {
  return Object.keys(fields)
    .sort()
    .map((name) => nameFingerprint(name) + valueFingerprint(fields[name] ?? null))
    .join('')
}

/** The same for Fields that the Target stores in another form than sent. */
export function keptOtherwise(fingerprints: Fingerprints, holds: Fields): Fingerprints {
  const forms = new Map(
    Object.entries(holds).map(([field, value]) => [
      nameFingerprint(field),
      { asked: nameFingerprint(asAsked(field)), held: valueFingerprint(value) },
    ]),
  )
  return piecesOf(fingerprints)
    .map((piece) => {
      const name = piece.slice(0, nameLength)
      const form = forms.get(name)
      return form === undefined ? piece : name + form.held + form.asked + piece.slice(nameLength)
    })
    .join('')
}

/** The same, with the earlier fingerprints for these Fields, because nothing new is sent for them. */
export function carriedOver(fingerprints: Fingerprints, was: Fingerprints, fields: readonly string[]): Fingerprints {
  const names = new Set(fields.flatMap((field) => [nameFingerprint(field), nameFingerprint(asAsked(field))]))
  const isCarried = (piece: string): boolean => names.has(piece.slice(0, nameLength))
  return [...piecesOf(fingerprints).filter((piece) => !isCarried(piece)), ...piecesOf(was).filter(isCarried)].join('')
}

/** Whether the Field had this value; undefined: the fingerprints do not contain the Field. */
export function hadValue(fingerprints: Fingerprints, field: string, value: FieldValue): boolean | undefined {
  const name = nameFingerprint(field)
  for (let at = 0; at < fingerprints.length; at += pieceLength) {
    if (fingerprints.startsWith(name, at))
      return fingerprints.slice(at + nameLength, at + pieceLength) === valueFingerprint(value)
  }
  return undefined
}

/**
 * Whether this value was the last one sent, whatever form the Target stores it in; undefined: the Field is not
 * contained.
 */
export function wasAsked(fingerprints: Fingerprints, field: string, value: FieldValue): boolean | undefined {
  return hadValue(fingerprints, asAsked(field), value) ?? hadValue(fingerprints, field, value)
}

/** The settled fingerprints after a write that got no clear answer: the Target may hold these values, or those that were asked. */
export function withTried(settled: Fingerprints, asked: Fingerprints): Fingerprints {
  const known = piecesOf(settled)
  const tried = piecesOf(asked)
    .filter((piece) => !known.includes(piece))
    .map(asTried)
  return [...new Set([...known, ...tried])].join('')
}

/** Whether a write without a clear answer tried to set this value since the Field was settled. */
export function wasTried(fingerprints: Fingerprints, field: string, value: FieldValue): boolean {
  return piecesOf(fingerprints).includes(asTried(nameFingerprint(field) + valueFingerprint(value)))
}

/** No name in base64url begins like this. */
function asTried(piece: string): string {
  return `~${piece.slice(1)}`
}

/** Fields with a fingerprint that now hold another value. All forms of empty are equal. */
export function driftedFields(fingerprints: Fingerprints, now: Fields): string[] {
  return Object.keys(now).filter((field) => {
    const value = now[field] ?? null
    const had = hadValue(fingerprints, field, value)
    return (
      had === false &&
      !(isEmpty(value) && (hadValue(fingerprints, field, null) === true || hadValue(fingerprints, field, '') === true))
    )
  })
}

function asAsked(field: string): string {
  return `${field} as asked`
}

function piecesOf(fingerprints: Fingerprints): string[] {
  return Array.from({ length: fingerprints.length / pieceLength }, (_, at) =>
    fingerprints.slice(at * pieceLength, (at + 1) * pieceLength),
  )
}

function nameFingerprint(name: string): string {
  return digest(name).slice(0, nameLength)
}

function valueFingerprint(value: FieldValue): string {
  return digest(JSON.stringify(value)).slice(0, valueLength)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
