import type { RecordStory } from '../../../engine/record-story.ts'
import { outcomeWord } from '../../../model/words/outcomes.ts'
import { operationWord, reasonWord, skipWord } from '../../../model/words/plan-lines.ts'
import { authorshipWords, nextWords, nowWords } from '../../../model/words/story.ts'
import type { InvalidRowEntry } from '../../../store/ledger/invalid-rows.ts'
import { plural, time } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'
import type { StoryEntry } from '../../../store/ledger/ledger.ts'
import { changesWords, fieldsWords } from '../record-words.ts'
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
  const { activation, record, entries, invalidRows } = story
  const first = entries[0]
  return [
    `${colors.bold(record)} in ${colors.bold(activation)}${idWords(story, colors)}`,
    ...(first === undefined
      ? []
      : ['', `First planned by Run ${first.runId}, ${time(first.at)}:`, ...attemptLines(story, width, colors)]),
    ...(invalidRows.length === 0 ? [] : ['', ...invalidRowLines(invalidRows)]),
    '',
    `Now:  ${nowWords(story, time)}`,
    ...authorshipWords(story).map((words) => `      ${words}`),
    `Next: ${nextWords(story, now, time)}`,
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

/** One line for each operation on a Record, with its Outcome. */
function attemptLines({ entries, names, nouns, plan }: RecordStory, width: number, colors: Colors): string[] {
  const about = { nouns, groups: 1, takesOff: plan?.added === 'detach' }
  const rows = entries.map((entry) => {
    const { at, runId, activation, kind, status, code, message, field, requestId, reason, undoes } = entry
    const outcome = kind === 'skip' ? (code === null ? 'not changed' : skipWord(code, about)) : outcomeWord(status)
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
        reason !== 'undo' && colors.dim(`(${reasonWord(reason)})`),
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
