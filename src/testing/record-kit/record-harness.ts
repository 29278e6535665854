import type { Fields, FieldType, FieldValue, TargetObject, TargetSpec } from '../../connect/index.ts'
import type { KitHarness, Trouble } from '../target-kit/target-harness.ts'

/** What the kit needs to know about one object with whole records, in one mode. */
export interface RecordCase {
  /** Distinguishes this case from other cases of the same object, such as "by email, 2.14". */
  readonly title: string
  readonly target: TargetSpec
  readonly object: TargetObject
  /** The identifier under which the tests create target records. */
  readonly identifier: string
  /** Further values that every new target record needs, such as the role that makes a contact a lead. */
  readonly always?: Fields
  /** The object's own settings, as written in tailrace.yaml. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The vendor's names of the rights that `check` must report. */
  readonly rights: readonly string[]
  /** A value of the identifier that contains this text, such as `${text}@example.com`. */
  name(text: string): string
  /**
   * At least one writable Field of each type that the object has. All of them can be emptied. The first is a text
   * Field.
   */
  readonly samples: readonly Sample[]
  /** A name, with this word in it, for a Field to create. Only for objects that can create Fields. */
  newField?(word: string): string
  /** `token`: the only token that the emulator accepts. */
  start(token: string): Promise<RecordHarness>
}

export interface Sample {
  readonly field: string
  readonly type: FieldType
  /** Two different canonical values, neither of them empty. */
  readonly values: readonly [FieldValue, FieldValue]
}

/** A running emulator of the target. The kit reads the emulator's state directly, not through its replies. */
export interface RecordHarness extends KitHarness<RecordTrouble> {
  /**
   * Creates a target record by hand, one hour ago, with this name and the values that every one needs. Returns its id.
   */
  make(name: string): string
  /** Only for an identifier that is not unique: creates two target records with this name. */
  duplicates?(name: string): readonly [string, string]
  /** Sets these Fields by hand. */
  change(id: string, fields: Fields): void
  end(id: string, how: 'delete' | 'archive'): void
  /** Ids of all existing target records with exactly this name. */
  named(name: string): readonly string[]
  /** The target record's values of the sample Fields, in canonical form; `null` when it does not exist (any more). */
  holds(id: string): Fields | null
  /** A well-formed id that identifies no target record. */
  unknown(i: number): string
  /**
   * Everything that a read must not change, such as the target records and the Fields, in a form that can be compared.
   */
  state(): unknown
}

export interface RecordTrouble extends Omit<Trouble, 'kind'> {
  /** `empty`: success without a body. */
  readonly kind: Trouble['kind'] | 'empty' | 'empty-after'
  /** Does not hit requests that only read. */
  readonly writesOnly?: true
}
