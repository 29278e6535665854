import type { Fields, FieldType, FieldValue, TargetObject, TargetSpec } from '../../connect/index.ts'
import type { KitHarness, Trouble } from '../target-kit/target-harness.ts'

/** What the kit needs to know about one object whose Records have values, in one of its ways of working. */
export interface RecordCase {
  /** Told apart from other cases of the same object: "by email, 2.14". */
  readonly title: string
  readonly target: TargetSpec
  readonly object: TargetObject
  /** The identifier that new things are named by. */
  readonly identifier: string
  /** Values that every new thing has besides, such as the role that makes it a lead. */
  readonly always?: Fields
  /** The object's own settings, as written in tailrace.yaml. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The vendor's names of the rights that `check` must report. */
  readonly rights: readonly string[]
  /** A value of the identifier around this text, whatever that holds: for e-mails `${text}@example.com`. */
  name(text: string): string
  /** At least one writable Field of each type that the object has, all of which may be emptied. The first is of text. */
  readonly samples: readonly Sample[]
  /** The name of a Field that may be created, around this word; for objects that can. */
  newField?(word: string): string
  /** `token` is the one to accept. */
  start(token: string): Promise<RecordHarness>
}

export interface Sample {
  readonly field: string
  readonly type: FieldType
  /** Two canonical values that differ, neither of them empty. */
  readonly values: readonly [FieldValue, FieldValue]
}

/** A running emulator of the target, seen from behind: the kit looks at its state, not at its answers. */
export interface RecordHarness extends KitHarness<RecordTrouble> {
  /** Makes a thing by hand, an hour ago, with this name and the values that every one has; gives its own id. */
  make(name: string): string
  /** For an identifier that may name several: makes two things of this name. */
  duplicates?(name: string): readonly [string, string]
  /** Sets these Fields by hand. */
  change(id: string, fields: Fields): void
  end(id: string, how: 'delete' | 'archive'): void
  /** Own ids of all things that are there under this name, as it was written. */
  named(name: string): readonly string[]
  /** What the thing holds in the Fields of the samples, in canonical form; null when it is not there (any more). */
  holds(id: string): Fields | null
  /** An own id, well-formed, that names nothing. */
  unknown(i: number): string
  /** How many things and which Fields there are, and all else that no read may change, in a form that compares. */
  state(): unknown
}

export interface RecordTrouble extends Omit<Trouble, 'kind'> {
  /** `empty`: success without a body. */
  readonly kind: Trouble['kind'] | 'empty' | 'empty-after'
  /** Spares requests that only read. */
  readonly writesOnly?: true
}
