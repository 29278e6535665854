import type { Facts, Holds } from './facts.fixture.ts'

/** What holds of one Record of the Run. Without one, no surface speaks of it. */
const ofRecord =
  (holds: (record: NonNullable<Facts['record']>, facts: Facts) => boolean): Holds =>
  (facts) =>
    facts.record !== undefined && holds(facts.record, facts)

/** The story of a Record, on its page and by `why`. */
export const recordSentences: readonly (readonly [sentence: RegExp, holds: Holds])[] = [
  [
    /^now: The \w+ "[^"]+" is attached, since Run \d+\.(?: The query no longer asks for it\.)?$/,
    ofRecord(({ isHeld }) => isHeld),
  ],
  [
    /^now: The \w+ "[^"]+" is not attached, since Run \d+\.(?: The query no longer asks for it\.)?$/,
    ofRecord(({ isHeld }) => !isHeld),
  ],
  [/^now: It is (?:deleted|archived), since Run \d+\.$/, ofRecord(({ isHeld }) => !isHeld)],
  [
    /^now: It is as the query asks, since Run \d+\.(?: The query no longer asks for it\.)?$/,
    ofRecord(({ isHeld }) => isHeld),
  ],
  [/^now: Unconfirmed since Run \d+: sent, without a clear answer\.$/, ofRecord(({ wasSent }) => wasSent)],
  [
    /^now: Not loaded: it could not be delivered once, last in Run \d+\.$/,
    ofRecord(({ wasDelivered }) => !wasDelivered),
  ],
  [/^now: Never delivered\.$/, ofRecord(({ wasDelivered }) => !wasDelivered)],
  [/^now: This Activation has no entry for this record\.$/, ofRecord((_, { isCounted }) => !isCounted)],
  [
    /^now: Undone: Run \d+ undid Run (\d+)(?:, and detached the \w+)?\.$/,
    ofRecord(({ isHeld, wasWrittenTwice }, { added }) => wasWrittenTwice && (added !== 'attach' || !isHeld)),
  ],
  [
    /^now: Undone: Run \d+ undid Run (\d+), and attached the \w+\.$/,
    ofRecord(({ isHeld, wasWrittenTwice }) => wasWrittenTwice && isHeld),
  ],
  [
    /^now: The query no longer (?:asks for|returns) it, and Run \d+ (?:detached the \w+|archived it)\.$/,
    ofRecord(({ isHeld }) => !isHeld),
  ],
  [/^author: This Activation created it: .*$/, ofRecord(({ isManaged }) => isManaged)],
  [
    /^author: The \w+ "[^"]+" is managed by this Activation: .*$/,
    ofRecord(({ isManaged, isHeld }) => isManaged && isHeld),
  ],
  [/^author: The \w+ was there before, or its creator is unknown: .*$/, ofRecord(({ isManaged }) => !isManaged)],
  [
    /^author: The \w+ was attached before this Activation wrote, so it is external\.$/,
    ofRecord(({ isManaged }) => !isManaged),
  ],
  [/^next: Nothing to do\.$/, ofRecord(({ wasDelivered }, { counts }) => wasDelivered || counts.alreadyInPlace > 0)],
  [/^next: Nothing: what the query no longer asks for is not changed\.$/, ofRecord(({ wasDelivered }) => wasDelivered)],
  [/^next: Nothing, unless the query asks for it again\.$/, () => true],
  [/^next: Nothing\. Identifiers are compared exactly, .*$/, ofRecord((_, { isCounted }) => !isCounted)],
  [
    /^next: The next Run (?:sends it again, if the query returns it|reads the Target first, and sends it again only if it is missing)\.$/,
    ofRecord(
      ({ wasWrittenTwice }, { counts: c, isCounted, status }) =>
        c.onHold + c.unconfirmed + c.removed > 0 || wasWrittenTwice || !isCounted || status === 'interrupted',
    ),
  ],
  [/^next: It waits\. .*$/, ofRecord((_, { counts }) => counts.rejected > 0)],
]

/** What the words of an Activation must and must not say, by the operation of its behavior. */
const deeds: Readonly<Record<string, { readonly says: RegExp; readonly never: RegExp }>> = {
  attach: { says: /attached|With the|not loaded/, never: /Without the|created|archived where/ },
  detach: { says: /lose the|Without the|not loaded/, never: /With the|created|keep/ },
  create: { says: /created|As the query asks|creates a/, never: /attach|detach|never .* changed/ },
  update: { says: /updated|As the query asks|not loaded/, never: /attach|detach|are created/ },
  upsert: { says: /created|As the query asks|creates a/, never: /attach|detach|not loaded/ },
  delete: { says: /deleted|Deleted|no such/, never: /attach|created|not loaded/ },
  archive: { says: /archived|Archived|no such/, never: /attach|created|not loaded/ },
}

/** Nouns of all objects under test: a sentence may use only those of its own. */
const everyNoun = ['contact', 'company', 'companies', 'conversation', 'ticket', 'thing', 'tag'] as const

export const activationSentences: readonly (readonly [sentence: RegExp, holds: Holds])[] = [
  [/^activation: synced (\d+)$/, ({ synced }, n) => synced === Number(n)],
  [
    /^activation: (\D.*)$/,
    ({ added, nouns }, words = '') => {
      const deed = deeds[added]
      const own = [nouns.record, nouns.group].flatMap((noun) => (noun === null ? [] : [noun.one, noun.many]))
      const others = everyNoun.filter((noun) => !own.some((each) => each.startsWith(noun)))
      return (
        deed !== undefined &&
        deed.says.test(words) &&
        !deed.never.test(words) &&
        !others.some((noun) => new RegExp(`\\b${noun}s?\\b`).test(words))
      )
    },
  ],
]
