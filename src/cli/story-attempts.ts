import type { StoryEntry } from '../store/ledger.ts'
import { time } from './figures.ts'
import { operationWord, outcomeWords } from './outcome-words.ts'
import { table } from './table.ts'
import type { Colors } from './terminal.ts'

/** Why it was in the Plan, where that is worth a word. */
const reasons: Readonly<Record<string, string>> = {
  new: 'new in the query', changed: 'asked for other tags than before', left: 'left the query', 'in-doubt': 'was in doubt', retry: 'refused before, and due again',
}

const kept: Readonly<Record<string, string>> = {
  'already-in-place': 'as wanted already, before us', theirs: 'left alone: it is theirs', 'nothing-to-do': 'nothing to do', 'later-run': 'left alone: a later Run did it again',
}

/** Everything that was asked of the Target for one Record, and what it answered: a line each. */
export function attemptLines(entries: readonly StoryEntry[], names: Readonly<Record<string, string>>, colors: Colors): string[] {
  const rows = entries.map((entry) => {
    const { at, runId, kind, status, code, message, requestId, reason, members, undoes } = entry
    const what = [operationWord(kind), ...(members ?? []).map((id) => `"${names[id] ?? id}"`)].join(' ')
    const outcome = kind === 'keep' ? kept[code ?? ''] ?? 'left as it was' : outcomeWords[status]
    return [
      `  ${colors.dim(time(at))}`, undoes === null ? `Run ${runId}` : `Run ${runId}, undoing Run ${undoes}`, kind === 'keep' ? 'keep' : what, colorOf(status, colors)(outcome),
      [kind !== 'keep' && code !== null && `[${code}]`, message, reason in reasons && colors.dim(`(${reasons[reason]})`), requestId !== null && colors.dim(`(request ${requestId})`)]
        .filter((part) => part !== false && part !== null).join(' '),
    ]
  })
  return table([{ title: '' }, { title: '' }, { title: '' }, { title: '' }, { title: '' }], rows, colors.dim)
}

function colorOf(status: StoryEntry['status'], colors: Colors): (text: string) => string {
  return status === 'delivered' || status === 'unchanged' ? colors.green : status === 'rejected' ? colors.red : colors.yellow
}
