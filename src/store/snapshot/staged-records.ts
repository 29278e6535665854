import { escapeLiteral } from 'pg'
import { absentGroup } from '../../model/absent-groups.ts'

/** A table of its own for the rows of a large Stage. The rows of small ones are in the table `staged_row`. */
export function stageTable(runId: number): string {
  return `stage_${runId}`
}

/** The table with the ids of the groups that the rows of a Stage name, if they are many. */
export function groupTable(runId: number): string {
  return `${stageTable(runId)}_group`
}

/** The rows of a sealed Stage in SQL: a line for each row of the query, or for each group that a row names. */
export interface StageRows {
  readonly runId: number
  /** Number of lines before duplicates are removed. */
  readonly lines: number
  /** A relation with the columns `place`, `key`, `desired`, `identities`, `aside` and `row_number`. */
  readonly relation: string
  /** The table, to change rows in it. */
  readonly table: string
  /** Condition: this alias of the table is a row of the Stage. */
  owned(alias: string): string
  /** The column of the table that tells its rows apart; ascending in the order of the query. */
  readonly place: 'ctid' | 'line'
}

/** A Stage of at most so many lines needs no table of its own: creating and dropping one takes most of a small comparison's time. */
export const smallStage = 500

export function isSmallStage({ lines }: StageRows): boolean {
  return lines <= smallStage
}

/** The rows of a Stage in the table that all small ones share. */
export function sharedStageRows(runId: number, lines: number): StageRows {
  return {
    runId,
    lines,
    relation: `(select line as place, key, desired, identities, aside, row_number from staged_row where run_id = ${runId})`,
    table: 'staged_row',
    owned: (alias) => `${alias}.run_id = ${runId}`,
    place: 'line',
  }
}

/** The rows of a Stage in a table of its own. */
export function ownStageRows(runId: number, lines: number): StageRows {
  const table = stageTable(runId)
  return {
    runId,
    lines,
    relation: `(select ctid as place, key, desired, identities, aside, row_number from ${table})`,
    table,
    owned: () => 'true',
    place: 'ctid',
  }
}

/**
 * A sealed Stage as Records. A Key that is set aside has an invalid row: nothing about it may be added or removed.
 */
export interface StagedRecords {
  readonly rows: StageRows
  /**
   * A SQL relation with the columns `key`, `group_id`, `desired`, `identities` and `aside`: of links, a line for each link.
   */
  readonly records: string
  /** Whether rows name the groups. Otherwise all Records of a Key are in the query, or none. */
  readonly rowsNameGroups: boolean
  /** Whether the Records are links. */
  readonly areLinks: boolean
  /** Whether rows name groups that do not exist and may not be created. */
  readonly namesAbsent: boolean
  /** Whether a Key has one Record at most. */
  readonly isSingle: boolean
}

/** SQL: whether this column holds the placeholder of a group that does not exist (src/model/absent-groups.ts). */
export const isAbsent = (column: string): string => `starts_with(${column}, ${escapeLiteral(absentGroup(''))})`

/**
 * SQL: the query does not ask for this Record. If a row of its Key is invalid, or names a group that does not exist, it is
 * unknown what the Key asks for, so nothing of it is gone.
 */
export function isGone(
  { rows, records, rowsNameGroups, namesAbsent }: StagedRecords,
  key: string,
  group: string,
): string {
  if (!rowsNameGroups) return `not exists (select from ${rows.relation} s where s.key = ${key})`
  const unknown = namesAbsent
    ? ` and not exists (select from ${records} s where s.key = ${key} and ${isAbsent('s.group_id')})`
    : ''
  return `(not exists (select from ${records} s where s.key = ${key} and s.group_id = ${group}) and not exists (select from ${rows.relation} s where s.key = ${key} and s.aside)${unknown})`
}
