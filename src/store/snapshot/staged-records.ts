import { escapeLiteral } from 'pg'
import { absentGroup } from '../../model/absent-groups.ts'

/** The table with the ids of the groups that the rows of a Stage name. */
export function groupTable(stage: string): string {
  return `${stage}_group`
}

/**
 * A sealed Stage as Records. A Key that is set aside has an invalid row: nothing about it may be added or removed.
 */
export interface StagedRecords {
  /** The table: a line for each row of the query, or for each group that a row names. */
  readonly table: string
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
  { table, records, rowsNameGroups, namesAbsent }: StagedRecords,
  key: string,
  group: string,
): string {
  if (!rowsNameGroups) return `not exists (select from ${table} s where s.key = ${key})`
  const unknown = namesAbsent
    ? ` and not exists (select from ${records} s where s.key = ${key} and ${isAbsent('s.group_id')})`
    : ''
  return `(not exists (select from ${records} s where s.key = ${key} and s.group_id = ${group}) and not exists (select from ${table} s where s.key = ${key} and s.aside)${unknown})`
}
