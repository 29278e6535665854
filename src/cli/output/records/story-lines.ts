import { namesMissingGroup, nextStep, nowWords, type RecordStory } from '../../../engine/record-story.ts'
import type { InvalidRowEntry } from '../../../store/ledger/invalid-rows.ts'
import { plural, time } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'
import type { StoryEntry } from '../../../store/ledger/ledger.ts'
import { operationWord, outcomeWords, changesWords, fieldsWords } from '../record-words.ts'
import { table } from '../table.ts'
import { keptOfReason } from '../../../engine/delivery/exchange-keeper.ts'
import { isCut } from '../../../http/captured-call.ts'
import { indentJson } from '../../../model/indent-json.ts'
import type { ExchangeBody, ExchangeEntry } from '../../../store/ledger/exchanges.ts'

export function storyLines(
  story: RecordStory,
  { now, width }: { readonly now: number; readonly width: number },
  colors: Colors,
): string[] {
  const { activation, record, entries, invalidRows, names } = story
  const first = entries[0]
  return [
    `${colors.bold(record)} in ${colors.bold(activation)}${idWords(story, colors)}`,
    ...(first === undefined
      ? []
      : [
          '',
          `First planned by Run ${first.runId}, ${time(first.at)}:`,
          ...attemptLines(entries, names, width, colors),
        ]),
    ...(invalidRows.length === 0 ? [] : ['', ...invalidRowLines(invalidRows)]),
    '',
    `Now:  ${nowWords(story, time)}`,
    ...authorshipLines(story),
    `Next: ${nextWords(story, now)}`,
  ]
}

/** The target record's id, if the Record has another name. */
function idWords({ record, snapshot, entries }: RecordStory, colors: Colors): string {
  const ids = new Set(snapshot?.targetId ? [snapshot.targetId] : entries.flatMap(({ targetId }) => targetId ?? []))
  ids.delete(record)
  const [last] = [...ids].slice(-1)
  return last === undefined
    ? ''
    : colors.dim(` (id ${last} in the Target${ids.size > 1 ? `, and ${plural(ids.size - 1, 'other')}` : ''})`)
}

function invalidRowLines(invalidRows: readonly InvalidRowEntry[]): string[] {
  const last = invalidRows.at(-1)
  return [
    `Its row was invalid ${invalidRows.length === 1 ? `in Run ${last?.runId}` : `${plural(invalidRows.length, 'time')}, last in Run ${last?.runId}`}: ${last?.message}`,
  ]
}

/** Who made the links or the record: managed or external. */
function authorshipLines({ snapshot, entries, names, drift, writesRecords, behavior }: RecordStory): string[] {
  if (snapshot === undefined || drift.length > 0) return []
  if (writesRecords)
    return snapshot.isCreated && snapshot.state !== 'unconfirmed'
      ? [`      This activation created it: an undo${behavior === 'mirror' ? ', or mirror,' : ''} may archive it.`]
      : []
  const named = (ids: readonly string[]): string => ids.map((id) => `"${names[id] ?? id}"`).join(', ')
  const { managedGroups: managed } = snapshot
  const own = entries.filter(({ activation }) => activation === null)
  const wasThere = own.some(
    ({ kind, status, code }) =>
      (kind === 'attach' && status === 'in-place') || (kind === 'skip' && code === 'in-place'),
  )
  const isExternal = own.some(({ kind, code }) => kind === 'skip' && code === 'external')
  return [
    ...(managed.length > 0
      ? [
          `      ${named(managed)} ${managed.length === 1 ? 'is' : 'are'} managed by this activation: an undo, or mirror, may remove ${managed.length === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(managed.length === 0 && wasThere
      ? ['      The tag was there before this activation wrote, so it is external.']
      : []),
    ...(isExternal ? ['      A person added it again since, so it is external and was not changed.'] : []),
  ]
}

function nextWords(story: RecordStory, now: number): string {
  const { snapshot } = story
  switch (nextStep(story, now)) {
    case 'unknown':
      return 'Nothing. Identifiers are compared exactly, including spaces, zeros and letter case.'
    case 'take off':
      return 'The next Run removes the tag, because the query no longer returns the record and the tag is managed.'
    case 'ask others':
      return 'The query no longer asks for it, but another record or activation still needs the tag. Each Run checks again, and removes the tag when none needs it.'
    case 'archive':
      return 'The next Run archives it, because the query no longer returns it and this activation created it.'
    case 'send':
      return 'The next Run sends it again, if the query returns it.'
    case 'settle':
      return 'The next Run reads the Target first, and sends it again only if it is missing.'
    case 'wait':
      return snapshot === undefined
        ? 'Nothing until its row is corrected.'
        : snapshot.retryAt === null
          ? namesMissingGroup(story)
            ? 'Nothing, until the missing group exists or the row changes. Then the next Run writes it.'
            : 'It waits. Correct the row, or the record in the Target.'
          : `The first Run after ${time(snapshot.retryAt)} sends it again.`
    case 'nothing':
      if (story.drift.length > 0) {
        return `Nothing: manual changes are kept. "tailrace verify ${story.activation} --repair" lets the next Run repair it.`
      }
      return snapshot?.present === false && snapshot.state === 'synced'
        ? 'Nothing: a record that is removed from the query is not changed.'
        : snapshot?.present === false
          ? 'Nothing, unless the query returns it again.'
          : 'Nothing to do.'
  }
}

/** Reasons for being in the Plan that are worth showing. */
const reasons: Readonly<Record<string, string>> = {
  new: 'new in the query',
  changed: 'changed in the query',
  left: 'no longer in the query',
  unconfirmed: 'was unconfirmed',
  retry: 'not loaded before, now retried',
}

const kept: Readonly<Record<string, string>> = {
  'in-place': 'already in place before this activation',
  external: 'skipped: it is external',
  'wanted-elsewhere': 'skipped: still needed elsewhere',
  'nothing-to-do': 'nothing to do',
  'later-run': 'skipped: a later Run wrote it again',
  confirmed: 'confirmed by reading',
  'state-unknown': 'skipped: its previous state is unknown',
  'cannot-restore': 'permanently deleted',
}

/** One line for each operation on a Record, with its Outcome. */
function attemptLines(
  entries: readonly StoryEntry[],
  names: Readonly<Record<string, string>>,
  width: number,
  colors: Colors,
): string[] {
  const rows = entries.map((entry) => {
    const { at, runId, activation, kind, status, code, message, field, requestId, reason, undoes } = entry
    const outcome = kind === 'skip' ? (kept[code ?? ''] ?? 'not changed') : outcomeWords[status]
    return [
      `  ${colors.dim(time(at))}`,
      [`Run ${runId}`, activation !== null && `of "${activation}"`, undoes !== null && `undoing Run ${undoes}`]
        .filter((part) => part !== false)
        .join(', '),
      kind === 'skip' ? 'skip' : askedWords(entry, names),
      colorOf(status, colors)(outcome),
      [
        kind !== 'skip' && code !== null && `[${code}]`,
        field !== null && `${field}:`,
        message,
        reason in reasons && colors.dim(`(${reasons[reason]})`),
        requestId !== null && colors.dim(`(request ${requestId})`),
      ]
        .filter((part) => part !== false && part !== null)
        .join(' '),
    ]
  })
  return table(
    [{ title: '' }, { title: '', isHead: true }, { title: '' }, { title: '' }, { title: '', wraps: true }],
    rows,
    { dim: colors.dim, width },
  )
}

/** The operation: the group's name, or values with the previous ones if known. */
function askedWords(
  { kind, status, group, managed, before, after }: StoryEntry,
  names: Readonly<Record<string, string>>,
): string {
  if (kind === 'attach' || kind === 'detach') return `${operationWord(kind)} "${names[group] ?? group}"`
  const isNew = kind === 'create' || managed
  const word =
    kind !== 'upsert' ? operationWord(kind) : status !== 'delivered' ? 'create or update' : isNew ? 'create' : 'update'
  const values = after === null ? '' : isNew ? fieldsWords(after) : changesWords(after, before)
  return values === '' ? word : `${word} ${values}`
}

function colorOf(status: StoryEntry['status'], colors: Colors): (text: string) => string {
  return status === 'delivered' || status === 'in-place'
    ? colors.green
    : status === 'rejected'
      ? colors.red
      : colors.yellow
}

/** Requests and answers of failed Records, with indented bodies. */
export function exchangeLines(exchanges: readonly ExchangeEntry[], colors: Colors): string[] {
  if (exchanges.length === 0)
    return [
      '',
      `No request and answer is kept: a Run keeps only those of the first ${keptOfReason} records of each reason, if a request was sent.`,
    ]
  return exchanges.flatMap(({ runId, at, method, path, request, httpStatus, answer, requestId, trouble }) => [
    '',
    `${colors.dim(time(at))}  Run ${runId}${requestId === undefined ? '' : colors.dim(`  request ${requestId}`)}`,
    `  ${colors.bold(`${method} ${path}`)}`,
    ...bodyLines(request, colors),
    `  ${colors.bold(httpStatus === undefined ? 'No answer' : `Answered ${httpStatus}`)}${trouble === undefined ? '' : `: ${trouble}`}`,
    ...bodyLines(answer, colors),
  ])
}

function bodyLines(body: ExchangeBody | undefined, colors: Colors): string[] {
  if (body === undefined) return []
  const cut = isCut(body) ? [colors.dim(`    … truncated: the first 4 kB of ${(body.size / 1024).toFixed(1)} kB`)] : []
  return [
    ...indentJson(body.text)
      .split('\n')
      .map((line) => `    ${line}`),
    ...cut,
  ]
}
