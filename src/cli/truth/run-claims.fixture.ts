import type { Counts } from '../../model/run.ts'
import type { Facts, Holds } from './facts.fixture.ts'

const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))
const is =
  (figure: (facts: Facts) => number): Holds =>
  (facts, n) =>
    figure(facts) === number(n)
const n = String.raw`([\d,]+)`

const records = '(\\w[\\w ]*)'
const outcomes: Readonly<Record<string, keyof Counts>> = {
  delivered: 'delivered',
  'already in place': 'alreadyInPlace',
  skipped: 'leftAlone',
  'not loaded': 'rejected',
  'on hold': 'onHold',
  unconfirmed: 'unconfirmed',
}
const outcomeNames = Object.keys(outcomes).join('|')
const effectNames = 'created|updated|archived|deleted|unarchived'
const noun: Holds = ({ nouns: { record } }, amount, words) =>
  words === (number(amount) === 1 ? record.one : record.many)

function outcome(facts: Facts, count: string, name: string, whole = ''): boolean {
  const key = outcomes[name]
  if (key === undefined || !facts.isCounted || facts.counts[key] !== number(count)) return false
  return whole === '' || whole.split(', ').every((part) => effect(facts, part))
}

function effect({ effects }: Facts, part: string): boolean {
  const [count, name = ''] = part.split(' ')
  return effects[name] === number(count)
}

function found(facts: Facts, list: string): boolean {
  const { added, changed, removed } = facts.counts
  const parts = list
    .split(', ')
    .map((part) => new RegExp(`^${n} ${records}? ?(new or to be retried|with changes|no longer asked for)$`).exec(part))
  const sum = parts.reduce((total, part) => total + number(part?.[1]), 0)
  return (
    sum === added + changed + removed &&
    parts.every((part) => {
      const of = { 'new or to be retried': added, 'with changes': changed, 'no longer asked for': removed }[
        part?.[3] ?? ''
      ]
      return of === number(part?.[1]) && noun(facts, part?.[1] ?? '', (part?.[2] ?? '').trim())
    })
  )
}

/** A line of a plan: the operation, the noun, and the number of lines with this operation. */
function planLine(facts: Facts, operation: string, count: string, words: string): boolean {
  const { planned } = facts
  return noun(facts, count, words) && number(count) <= (planned[operation] ?? 0) && number(count) > 0
}

const lineVerbs: Readonly<Record<string, string>> = {
  Create: 'create',
  Update: 'update',
  'Create or update': 'upsert',
  'Delete permanently': 'delete',
  Archive: 'archive',
  Unarchive: 'restore',
  Skip: 'skip',
}
const why = '(?:, which (?:is|are|has|have|was|were) .*|, which undoes Run \\d+|: .*)?'

/** What commands and pages say about a Run. */
export const runSentences: readonly (readonly [sentence: RegExp, holds: Holds])[] = [
  // The head, the figures and the end of a Run.
  [
    /^[✓✗!…] \S+(?: \S+)*: Run \d+ ([a-z ]+?)(?:: nothing to do)?(?:, [\d.]+ (?:ms|s|min).*)?$/,
    ({ status }, name) => name === status,
  ],
  [new RegExp(`^${n} rows? read$`), is(({ counts }) => counts.read)],
  [new RegExp(`^${n} invalid$`), is(({ counts }) => counts.invalid)],
  [new RegExp(`^${n} unchanged$`), is(({ counts }) => counts.unchanged)],
  [new RegExp(`^${n} no longer asked for$`), is(({ counts }) => counts.removed)],
  [
    new RegExp(`^${n} (${outcomeNames})(?: \\(((?:${n} (?:${effectNames})(?:, )?)+)\\))?$`),
    (facts, count = '', name = '', whole = '') => outcome(facts, count, name, whole),
  ],
  [
    new RegExp(`^(?:The Run made )?${n} requests?: ${n} reads?, ${n} writes?\\.?$`),
    ({ requests }, all, read, write) =>
      requests !== null &&
      number(read) === requests.read &&
      number(write) === requests.write &&
      number(all) === requests.read + requests.write,
  ],
  [/^Nothing was written\.$/, () => true],
  [/^It was stopped during delivery, and nothing further was sent\.$/, ({ status }) => status === 'stopped'],
  [
    /^The next Run continues where this one stopped\.$/,
    ({ status }) => status === 'deferred' || status === 'cancelled',
  ],
  [/^Its process is gone, so these figures may not be complete\.$/, ({ status }) => status === 'interrupted'],
  [/^The next Run settles what was in flight\.$/, ({ status }) => status === 'interrupted'],
  // The sentence of the Run's page.
  [/^Undo of Run (\d+)\.$/, ({ undoes }, run) => undoes === number(run)],
  [/^The Run ended before it read the query\.$/, ({ counts }) => counts.read === 0],
  [/^The process of the Run ended before it compared the rows\.$/, ({ status }) => status === 'interrupted'],
  [
    new RegExp(
      `^The Run read ${n} rows?(?:, of which ${n} (?:was|were) invalid)?, and (?:ended before it compared them|found no differences|worked on what earlier Runs had left)\\.$`,
    ),
    ({ counts }, read, invalid) =>
      counts.read === number(read) &&
      (invalid === undefined ? counts.invalid === 0 : counts.invalid === number(invalid)),
  ],
  [
    new RegExp(`^The Run read ${n} rows?(?:, of which ${n} (?:was|were) invalid)?, and found (.*)\\.$`),
    (facts, read, invalid, list = '') =>
      facts.counts.read === number(read) &&
      (invalid === undefined ? facts.counts.invalid === 0 : facts.counts.invalid === number(invalid)) &&
      found(facts, list),
  ],
  [
    new RegExp(`^${records}: ((?:${n} (?:${outcomeNames})(?:, )?)+)\\.$`),
    (facts, words = '', list = '') =>
      words.toLowerCase() === facts.nouns.record.many &&
      list.split(', ').every((part) => outcome(facts, part.split(' ')[0] ?? '', part.split(' ').slice(1).join(' '))),
  ],
  [
    /^(\w+): ((?:“[^”]+”(?:, )?)+)\.$/,
    ({ nouns: { group }, groups, counts }, words = '', list = '') =>
      counts.delivered > 0 &&
      group !== null &&
      words.toLowerCase() === (groups.length === 1 ? group.one : group.many) &&
      list === groups.map((name) => `“${name}”`).join(', '),
  ],
  // Failures and invalid rows of the command line.
  [
    new RegExp(`^(Not loaded|On hold|Unconfirmed): ${n} \\(.*\\)$`),
    (facts, name = '', count = '') =>
      facts.counts[outcomes[name.toLowerCase()] ?? 'read'] === number(count) || !facts.isCounted,
  ],
  [new RegExp(`^Invalid rows: ${n} \\(they cannot become records\\)$`), is(({ counts }) => counts.invalid)],
  [
    new RegExp(`^[a-z-]+: ${n}(?: .*)?$`),
    ({ counts: c }, count) => number(count) <= c.rejected + c.onHold + c.unconfirmed + c.invalid,
  ],
  [new RegExp(`^${n} records? not loaded by earlier Runs still waits?\\.$`), () => true],
  [
    /^→ tailrace (?:show \d+ --records (failed|invalid)|(?:run|undo|plan) .*)$/,
    ({ counts: c }, which) =>
      which === undefined || (which === 'failed' ? c.rejected + c.onHold + c.unconfirmed > 0 : c.invalid > 0),
  ],
  [
    new RegExp(`^… and ${n} more$`),
    ({ counts: c }, more) => number(more) < c.rejected + c.onHold + c.unconfirmed + c.invalid,
  ],
  // `show`.
  [/^(?:started|ended|by|does|fields|allowed)\s+.+$/, () => true],
  [/^rows\s+not read$/, ({ counts }) => counts.read === 0],
  [
    new RegExp(`^rows\\s+${n} read, ${n} invalid$`),
    ({ counts }, read, invalid) => counts.read === number(read) && counts.invalid === number(invalid),
  ],
  [new RegExp(`^${records}\\s+not compared$`), ({ counts: c }) => c.added + c.changed + c.removed + c.planned === 0],
  [
    new RegExp(`^(\\w+)\\s+${n} new or to be retried, ${n} with changes, ${n} unchanged, ${n} no longer asked for$`),
    ({ counts: c, nouns }, words, ...all) =>
      words === nouns.record.many &&
      [c.added, c.changed, c.unchanged, c.removed].every((each, at) => each === number(all[at])),
  ],
  [/^(\w+)\s+((?:"[^"]+"(?: \(id \S+\))?(?:, )?)+)$/, ({ nouns: { group } }, words) => words === group?.many],
  [
    new RegExp(`^(${outcomeNames})\\s+${n}(?: \\((.*)\\))?$`),
    (facts, name = '', count = '', whole = '') => outcome(facts, count, name, whole),
  ],
  [/^outcomes\s+not counted yet: the next Run settles them$/, ({ isCounted }) => !isCounted],
  [
    new RegExp(`^requests\\s+${n} requests?: ${n} reads?, ${n} writes?$`),
    ({ requests }, all, read, write) =>
      requests !== null &&
      number(read) === requests.read &&
      number(write) === requests.write &&
      number(all) === requests.read + requests.write,
  ],
  // The table of Runs: number, name, mark and status, start, duration, figures.
  [/^(?:run\s+activation|\s*-+).*$/, () => true],
  [
    /^\d+\s+.*?[✓✗!…] ([a-z ]+?)\s{2,}\d{4}-.*?\s([\d,]+)\s+([\d,]+|\?)\s+([\d,]+|\?)\s+([\d,]+|\?)$/,
    ({ status, counts: c, isCounted }, name, read, delivered, inPlace, failed) =>
      name === status &&
      number(read) === c.read &&
      [
        [delivered, c.delivered],
        [inPlace, c.alreadyInPlace],
        [failed, c.rejected + c.onHold + c.unconfirmed + c.invalid],
      ].every(([shown, real]) => (isCounted ? number(String(shown)) === real : shown === '?')),
  ],
  // The reply of the API, one figure a line.
  [
    /^api (\w+): (\d+)$/,
    ({ counts, isCounted }, name = '', count) =>
      !(name in counts) || counts[name as keyof Counts] === number(count) || (!isCounted && name !== 'read'),
  ],
  [/^api requests: null$/, ({ requests }) => requests === null],
  [
    /^api requests: (\d+) (\d+)$/,
    ({ requests }, read, write) =>
      requests !== null && requests.read === number(read) && requests.write === number(write),
  ],
  // The plan of a Run on its page.
  [
    new RegExp(`^The Run would have made ${n} writes?(?:, in about ${n} write calls?)?\\.$`),
    ({ status, counts }, writes) => status === 'blocked' && counts.planned === number(writes),
  ],
  [
    new RegExp(`^The Run planned ${n} writes?(?:, in about ${n} write calls?)?\\.$`),
    ({ status, counts }, writes) => status !== 'blocked' && counts.planned === number(writes),
  ],
  [/^The Run had nothing to write\.$/, ({ counts }) => counts.planned === 0],
  [
    new RegExp(`^${n} write calls? (?:was|were) made\\.$`),
    ({ requests }, made) => requests !== null && requests.write === number(made),
  ],
  [/^No plan\.$/, ({ sent }) => sent === 0],
  [
    new RegExp(`^(Attach|Detach) the (\\w+) (to|from) ${n} ${records}${why}$`),
    (facts, verb = '', group = '', side = '', count = '', words = '') =>
      (verb === 'Attach') === (side === 'to') &&
      planLine(facts, verb.toLowerCase(), count, words.trim()) &&
      [facts.nouns.group?.one, facts.nouns.group?.many].includes(group) &&
      writesSo(facts, verb.toLowerCase()),
  ],
  [
    new RegExp(`^(${Object.keys(lineVerbs).join('|')}) ${n} (\\w+)${why}$`),
    (facts, verb = '', count = '', words = '') => planLine(facts, lineVerbs[verb] ?? '', count, words),
  ],
  [
    new RegExp(`^${n} (\\w+) (cannot be loaded|on hold until a later Run)${why}$`),
    (facts, count = '', words = '', what = '') =>
      planLine(facts, what === 'cannot be loaded' ? 'reject' : 'wait', count, words),
  ],
  // Meanings of a status, as tooltips; claims within them are checked everywhere.
  [/^status: .+$/, () => true],
]

/** A Run of a detach that attaches is an undo, and so is the reverse. */
function writesSo({ added, undoes }: Facts, verb: string): boolean {
  return verb === added || undoes !== null || added === 'attach'
}
