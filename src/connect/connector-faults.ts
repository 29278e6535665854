import { Fault } from '../model/fault.ts'
import type { Noun } from '../model/noun.ts'
import type { Column } from '../model/row.ts'

/**
 * The query failed; `words` is the warehouse's message. `offset` counts UTF-16 units from the start of the user's SQL.
 */
export function queryFailed(words: string, sql: string, offset?: number, advice?: string): Fault {
  const at = offset === undefined ? undefined : placeOf(sql, offset)
  return new Fault(
    'config',
    `The query failed: ${words}${at === undefined ? '' : ` (line ${at.line}, column ${at.column} of the query)`}`,
    {
      code: 'query-failed',
      ...(advice === undefined ? {} : { advice }),
      ...(at === undefined ? {} : { at }),
    },
  )
}

/** The query would change data, or has more than one statement. */
export function queryNotReadOnly(words: string): Fault {
  return new Fault('config', `A query must be one read-only statement: ${words}`, {
    code: 'query-not-read-only',
    advice: 'Use a single SELECT (WITH and VALUES are allowed). Change data outside Tailrace.',
  })
}

/** Throws if two output columns have the same name. `sameName` folds case if the warehouse does. */
export function rejectDuplicateColumns(names: readonly string[], sameName = (name: string) => name): void {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const name of names) (seen.has(sameName(name)) ? twice : seen).add(sameName(name))
  if (twice.size > 0) throw duplicateColumns([...twice])
}

export function duplicateColumns(names: readonly string[]): Fault {
  return new Fault(
    'config',
    `The query returns more than one column named ${names.map((name) => `"${name}"`).join(', ')}.`,
    {
      code: 'duplicate-column',
      advice: 'Give each its own name, for example: select a.id as a_id, b.id as b_id.',
    },
  )
}

/** The caller asked for columns that the query does not return. */
export function columnNotFound(name: string, available?: readonly string[]): Fault {
  return new Fault('config', `The query returns no column named "${name}".`, {
    code: 'column-not-found',
    ...(available === undefined ? {} : { advice: `The query returns: ${available.join(', ')}.` }),
  })
}

/** The columns with these names, in this order. Throws `columnNotFound`. */
export function chosenColumns(described: readonly Column[], names: readonly string[]): readonly Column[] {
  return names.map((name) => {
    const column = described.find((each) => each.name === name)
    if (column !== undefined) return column
    throw columnNotFound(
      name,
      described.map((each) => each.name),
    )
  })
}

/** The Fault of a read whose signal was aborted: the abort reason itself if it is a Fault. */
export function readCancelled(signal: AbortSignal): Fault {
  if (Fault.is(signal.reason)) return signal.reason
  return new Fault('cancelled', 'The query was cancelled.', { code: 'query-cancelled' })
}

function placeOf(sql: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = sql.slice(0, offset).split('\n')
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
}

/**
 * Fault: groups that this Run was to create exist by now. It is unknown who created them and who was added since.
 * `noun`: what the object calls its groups.
 */
export function groupsAppeared(noun: Noun, names: readonly string[]): Fault {
  const which = names.map((name) => `"${name}"`).join(', ')
  return new Fault(
    'transient',
    `${names.length === 1 ? `The ${noun.one} ${which} was to be created and exists` : `The ${noun.many} ${which} were to be created and exist`} now.`,
    {
      code: 'group-appeared',
      advice: 'Plan or run it again. Tailrace then reads what is already in place, and does not treat it as managed.',
    },
  )
}
