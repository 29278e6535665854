import type { StoryEntry } from '../../../store/ledger/ledger.ts'
import { time } from '../../../model/figures.ts'
import { operationWord, outcomeWords } from './outcome-words.ts'
import { table } from '../table.ts'
import type { Colors } from '../../../server/process/terminal.ts'
import { changesWords, fieldsWords } from '../value-words.ts'

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
  untold: 'skipped: its previous state is unknown',
  'for-good': 'permanently deleted',
}

/** One line for each operation on a Record, with its Outcome. */
export function attemptLines(
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
