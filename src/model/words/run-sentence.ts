import { count, plural } from '../figures.ts'
import { capital, type Nouns } from '../noun.ts'
import type { Counts, RequestCounts, RunStatus } from '../run.ts'
import { amount, listed } from './amounts.ts'
import { nameGroups } from './group-names.ts'
import { outcomeParts, requestWords } from './outcomes.ts'

/** What a sentence about an ended Run is derived from. */
export interface RunFacts {
  readonly status: RunStatus
  readonly purpose: 'run' | 'undo'
  readonly undoes: number | null
  readonly counts: Counts
  /** Null: not known, because the process of the Run ended before it could save them. */
  readonly requests: RequestCounts | null
  readonly groups: readonly { readonly name: string }[]
  readonly nouns: Nouns
}

/** How far an ended Run got. */
export type Reach = 'before the read' | 'before the comparison' | 'compared'

/** The statuses of Runs that certainly compared the whole result of the query. */
const compared: ReadonlySet<RunStatus> = new Set(['completed', 'completed with failures', 'shelved', 'stopped'])

/** How far an ended Run got, by its counts. Of a query without rows that failed, less is claimed than may be true. */
export function reachOf({ status, counts }: Pick<RunFacts, 'status' | 'counts'>): Reach {
  const { read, added, changed, removed, unchanged, planned } = counts
  if (compared.has(status) || added + changed + removed + unchanged + planned > 0) return 'compared'
  return read === 0 ? 'before the read' : 'before the comparison'
}

/** The result of an ended Run in a few sentences, derived from its counts alone. */
export function runSentence(run: RunFacts): string {
  const { counts, requests, nouns, groups } = run
  const outcomes = listed(outcomeParts(counts))
  const named = listed(groups.map(({ name }) => `“${name}”`))
  return listed(
    [
      foundSentence(run),
      outcomes !== '' && `${capital(nouns.record.many)}: ${outcomes}.`,
      counts.delivered > 0 && named !== '' && `${capital(nameGroups(nouns.group, groups.length))}: ${named}.`,
      ...endWords(run),
      requests !== null && requests.read + requests.write > 0 && `The Run made ${requestWords(requests)}.`,
    ],
    ' ',
  )
}

/** What has to be said about the end of a Run besides its figures. */
export function endWords(run: Pick<RunFacts, 'status' | 'counts' | 'requests'>): readonly string[] {
  return [wroteNothing(run) ? 'Nothing was written.' : '', endSentence(run)].filter((words) => words !== '')
}

/** True if it is certain that the Run changed nothing in the Target. */
function wroteNothing({ counts, requests }: Pick<RunFacts, 'counts' | 'requests'>): boolean {
  return requests !== null && requests.write + counts.delivered + counts.unconfirmed === 0
}

function foundSentence(run: RunFacts): string {
  const { purpose, undoes, counts } = run
  if (purpose === 'undo') return `Undo of Run ${undoes}.`
  const { read, invalid, added, changed, removed, planned } = counts
  const reach = reachOf(run)
  if (reach === 'before the read')
    return run.status === 'interrupted'
      ? 'The process of the Run ended before it compared the rows.'
      : 'The Run ended before it read the query.'
  const rows = `The Run read ${plural(read, 'row')}${invalid > 0 ? `, of which ${count(invalid)} ${invalid === 1 ? 'was' : 'were'} invalid` : ''}`
  if (reach === 'before the comparison') return `${rows}, and ended before it compared them.`
  const { record } = run.nouns
  const found = listed([
    added > 0 && `${amount(added, record)} new or to be retried`,
    changed > 0 && `${amount(changed, record)} with changes`,
    removed > 0 && `${amount(removed, record)} no longer asked for`,
  ])
  if (found !== '') return `${rows}, and found ${found}.`
  return planned > 0 ? `${rows}, and worked on what earlier Runs had left.` : `${rows}, and found no differences.`
}

/** What the status adds to the counts. */
function endSentence({ status, requests }: Pick<RunFacts, 'status' | 'requests'>): string {
  switch (status) {
    case 'stopped':
      return 'It was stopped during delivery, and nothing further was sent.'
    case 'deferred':
    case 'cancelled':
      return 'The next Run continues where this one stopped.'
    case 'interrupted':
      return requests === null
        ? 'Its process is gone, so these figures may not be complete. The next Run settles what was in flight.'
        : ''
    default:
      return ''
  }
}
