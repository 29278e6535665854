import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sampleOf } from '../../testing/harness/sample-size.ts'
import { simulateRecords } from '../../testing/simulated/simulated-records.ts'
import { simulateTarget } from '../../testing/simulated/simulated-target.ts'
import { targets } from '../../targets/registry.gen.ts'
import { notUndone, undoSentence, undoSkips, undoWrites, type UndoFigures } from '../../model/words/undo-words.ts'
import { nothingToSend, planFigures, plannedWrites, type PlanFigures } from '../../model/words/plan-figures.ts'
import { verifiedParts, verifiedTitle } from '../../model/words/verify-words.ts'
import { falseSentences } from './claims.fixture.ts'
import type { Surface } from './facts.fixture.ts'
import { endedStatuses, randomRun, surfacesOfRun, wordedCases } from './random-runs.fixture.ts'

const intercom = await targets.intercom?.()
const cases = wordedCases([
  ...(intercom?.objects ?? []),
  ...simulateTarget([]).spec.objects,
  ...simulateRecords('unique').spec.objects,
])
const sample = sampleOf({ deep: 200, usual: 15 })

test('the sentences about a Run hold for any counts, in each status, for each behavior of each object', () => {
  let said = 0
  for (const each of cases)
    for (const status of endedStatuses)
      fc.assert(
        fc.property(randomRun(status, each), (facts) => {
          const surfaces = surfacesOfRun(each, facts)
          said += surfaces.length
          assert.deepEqual(
            surfaces.flatMap((surface) => falseSentences(surface, facts)),
            [],
          )
        }),
        sample,
      )
  console.log(
    `words: ${cases.length} behaviors of objects × ${endedStatuses.length} statuses × ${sample.numRuns} sets of counts = ${said} commands and pages`,
  )
})

/** Sentences that were once shown, with what makes them false. */
const planted: readonly (readonly [sentence: string, status: (typeof endedStatuses)[number]])[] = [
  ['Nothing was written.', 'stopped'],
  ['status: A guardrail stopped it before the first write', 'stopped'],
  ['The Run would have made 200 writes.', 'stopped'],
  ['It read 0 rows, and found nothing that differs.', 'failed'],
  ['The Run read 0 rows, and found no differences.', 'completed'],
  ['All records are as written.', 'completed'],
  ['keep “Key Account”', 'completed'],
  ['Held in the Target 3', 'completed'],
  ['There was nothing to do.', 'completed'],
  ['The Run ended before it read the query.', 'completed'],
]

test('a planted false sentence makes the check fail', () => {
  const [each] = cases
  assert.ok(each)
  for (const [sentence, status] of planted)
    fc.assert(
      fc.property(
        randomRun(status, each).filter(({ counts, sent }) => counts.read > 0 && counts.added > 0 && sent > 0),
        (facts) => {
          const surface: Surface = { name: 'planted', lines: [sentence], quoted: [] }
          assert.ok(falseSentences(surface, facts).length > 0, `"${sentence}" passed`)
        },
      ),
      { ...sample, numRuns: 5 },
    )
})

test('a figure that is one too high makes the check fail, wherever it stands', () => {
  const changed = new Set<string>()
  for (const each of cases.filter(({ behavior }) => behavior !== 'mirror'))
    fc.assert(
      fc.property(randomRun('completed with failures', each), (facts) => {
        for (const surface of surfacesOfRun(each, facts))
          for (const [line, text] of surface.lines.entries())
            for (const found of text.matchAll(/(?<![\w:.-])[\d,]*\d(?![\w:.-]*\d|:)/g)) {
              if (isNoFigure(text, found.index)) continue
              const more = String(Number(found[0].replaceAll(',', '')) + 1)
              const lie = text.slice(0, found.index) + more + text.slice(found.index + found[0].length)
              const lines = surface.lines.with(line, lie)
              assert.ok(falseSentences({ ...surface, lines }, facts).length > 0, `"${lie}" passed for "${text}"`)
              changed.add(surface.name)
            }
      }),
      { ...sample, numRuns: 3 },
    )
  assert.deepEqual([...changed].toSorted(), ['page of the Run', 'plan on the page of the Run', 'runs', 'show'])
})

/** The number of the Run, its times and ids are not figures. */
function isNoFigure(text: string, at: number): boolean {
  return (
    /^\s*(?:started|ended|by|does|tags|companies)\s/.test(text) ||
    /Run $|--records $|show $/.test(text.slice(0, at)) ||
    (/^\s*7\s+vips/.test(text) && (at < 4 || /^.{0,60}(?:\d{4}-\d\d-\d\d|UTC)/.test(text.slice(at - 4, at + 40)))) ||
    / ms\s/.test(text.slice(at, at + 8))
  )
}

const few = fc.integer({ min: 0, max: 5000 })
const numbersIn = (text: string): number[] =>
  [...text.matchAll(/\d[\d,]*/g)].map(([n]) => Number(n.replaceAll(',', '')))

test('a verification says "all" only of all, and its parts add up to what was to be read back', () => {
  fc.assert(
    fc.property(few, few, few, few, (confirmed, pending, missing, rest) => {
      const verified = { confirmed, pending, missing }
      const synced = confirmed + pending + missing + rest
      const title = verifiedTitle(verified, synced, { record: { one: 'deal', many: 'deals' }, group: null })
      assert.equal(/^All |^The one /.test(title), synced > 0 && confirmed === synced, title)
      const sum = verifiedParts(verified, synced)
        .flatMap(numbersIn)
        .reduce((total, n) => total + n, 0)
      assert.equal(sum, synced)
    }),
    { ...sample, numRuns: 300 },
  )
})

test('the plan of an undo names each of its figures once, in the nouns of the object', () => {
  const keys = [
    'removes',
    'adds',
    'updates',
    'discards',
    'restores',
    'nothingToDo',
    'external',
    'elsewhere',
    'later',
    'stateUnknown',
    'cannotRestore',
  ] as const
  for (const { nouns } of cases)
    fc.assert(
      fc.property(fc.tuple(...keys.map(() => few)), (drawn) => {
        const figures = Object.fromEntries(keys.map((key, at) => [key, drawn[at]])) as unknown as UndoFigures
        const words = [undoSentence(9, figures, nouns), ...undoSkips(figures, nouns, null).map((skip) => skip.words)]
        const writes = undoWrites(figures)
        const expected = [9, ...(writes > 0 ? [writes] : []), ...drawn.filter((n) => n > 0)]
        assert.deepEqual(numbersIn(words.join(' ')).toSorted(), expected.toSorted(), words.join('\n'))
        assert.equal(/is left to undo/.test(words[0] ?? ''), writes === 0)
        if (nouns.group?.one !== 'tag') assert.doesNotMatch([...words, notUndone(nouns)].join(' '), /\btags?\b/)
      }),
      { ...sample, numRuns: 10 },
    )
})

test('a plan shows each of its figures once, and says why it writes nothing only if it writes nothing', () => {
  const keys = [
    'adds',
    'removes',
    'creates',
    'upserts',
    'updates',
    'deletes',
    'archives',
    'inPlace',
    'leftAlone',
    'elsewhere',
    'nothingToDo',
    'notLoaded',
    'onHold',
  ] as const
  for (const { nouns, behavior } of cases)
    fc.assert(
      fc.property(fc.tuple(...keys.map((key) => figureOf(key, nouns.group !== null))), (drawn) => {
        const lines = Object.fromEntries(keys.map((key, at) => [key, drawn[at]])) as unknown as PlanFigures
        const about = { nouns, groups: 1, takesOff: behavior === 'detach' }
        const shown = planFigures(lines, about)
        assert.deepEqual(shown.map(({ value }) => value).toSorted(), drawn.filter((n) => n > 0).toSorted())
        for (const { label, meaning } of shown) {
          if (behavior === 'detach' && nouns.group !== null) assert.doesNotMatch(label, /^Already in place|^Keep/)
          if (nouns.group === null) assert.doesNotMatch(meaning, /group/)
        }
        const nothing = { ...lines, adds: 0, removes: 0, creates: 0, upserts: 0, updates: 0, deletes: 0, archives: 0 }
        assert.equal(plannedWrites(nothing), 0)
        const why = nothingToSend(nothing, { read: 5, invalid: 0 }, about)
        for (const n of numbersIn(why))
          assert.ok([lines.notLoaded, lines.onHold, lines.leftAlone + lines.elsewhere].includes(n), why)
        if (/nothing has to change|no row differs/.test(why))
          assert.equal(lines.notLoaded + lines.onHold + lines.leftAlone + lines.elsewhere, 0)
      }),
      { ...sample, numRuns: 10 },
    )
})

/** Whole records are never attached or detached. */
function figureOf(key: string, areLinks: boolean): fc.Arbitrary<number> {
  return !areLinks && (key === 'adds' || key === 'removes') ? fc.constant(0) : fc.oneof(fc.constant(0), few)
}
