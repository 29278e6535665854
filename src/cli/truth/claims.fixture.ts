import type { Facts, Holds, Surface } from './facts.fixture.ts'
import { activationSentences, recordSentences } from './record-claims.fixture.ts'
import { runSentences } from './run-claims.fixture.ts'

/** Claims within any text, also within quoted ones. */
const everywhere: readonly (readonly [claim: RegExp, holds: Holds])[] = [
  [/\bnothing (?:was|has been) (?:written|sent)\b/i, ({ sent }) => sent === 0],
  [/before (?:its|the) first write/i, ({ sent }) => sent === 0],
  [/\bduring delivery\b|\bafter writes\b/i, ({ sent }) => sent > 0],
  [/\bno differences\b/i, ({ counts: c }) => c.added + c.changed + c.removed + c.planned === 0],
  [/\bnothing to (?:do|write)\b/i, ({ counts, sent }) => counts.planned === 0 && sent === 0],
  [/Everything that the Run planned is in place/, ({ counts: c }) => c.rejected + c.onHold + c.unconfirmed === 0],
  [/not everything is in place/, ({ counts: c }) => c.rejected + c.onHold + c.unconfirmed + c.invalid > 0],
  [/before it read the query/, ({ counts }) => counts.read === 0],
  [/before it compared/, ({ counts: c }) => c.planned + c.added + c.changed + c.unchanged === 0],
  [/\bkeep(?:s)? “/, () => false],
  [/\bHeld in the Target\b/, () => false],
]

/** Sentences of our own. Each one of a surface must be one of these. */
const sentences = [...runSentences, ...recordSentences, ...activationSentences]

/** What a surface says that the facts do not bear out, one line each. Empty: every sentence is known and true. */
export function falseSentences(surface: Surface, facts: Facts): readonly string[] {
  const own = surface.lines.filter(
    (line) => line.trim() !== '' && !surface.quoted.some((text) => text !== '' && line.includes(text)),
  )
  return [
    ...surface.lines.flatMap((line) =>
      everywhere
        .filter(([claim, holds]) => !line.startsWith('next: ') && claim.test(line) && !holds(facts))
        .map(([claim]) => `${surface.name}: "${line.trim()}" is false (${String(claim)})`),
    ),
    ...own.flatMap(statementsIn).flatMap((statement) => {
      const known = sentences.filter(([sentence]) => sentence.test(statement))
      if (known.length === 0) return [`${surface.name}: no rule knows "${statement}"`]
      return known.some(([sentence, holds]) => holds(facts, ...(sentence.exec(statement)?.slice(1) ?? [])))
        ? []
        : [`${surface.name}: "${statement}" is false`]
    }),
  ]
}

/** A line of figures is one statement for each; a line of prose one for each sentence. */
function statementsIn(line: string): readonly string[] {
  if (line.includes(' · ') && !/^\s*(?:does|fields)\s/.test(line)) return line.split(' · ').map((part) => part.trim())
  if (/^(?:status|now|next|activation): /.test(line)) return [line]
  return line
    .split(/(?<=\.) (?=[A-Z\d])/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
