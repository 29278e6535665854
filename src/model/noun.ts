/** What people call one and several things of a kind: `contact` and `contacts`. In lower case, without an article. */
export interface Noun {
  readonly one: string
  readonly many: string
}

/** The nouns of a TargetObject: of its target records, and of its groups (null: its Records are whole records). */
export interface Nouns {
  readonly record: Noun
  readonly group: Noun | null
}

/** For an object that is not known, such as one of a Target that is no longer configured. */
export const plainNouns: Nouns = { record: { one: 'record', many: 'records' }, group: null }

/** The nouns where the object is not known, such as in a Run of an older version. */
export function nounsWithoutObject(hasGroups: boolean): Nouns {
  return hasGroups ? { ...plainNouns, group: { one: 'group', many: 'groups' } } : plainNouns
}

/** The nouns of an object, as its connector declares them. */
export function nounsOf({ noun, group }: { readonly noun: Noun; readonly group?: { readonly noun: Noun } }): Nouns {
  return { record: noun, group: group?.noun ?? null }
}

/** With a capital first letter, for labels. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
