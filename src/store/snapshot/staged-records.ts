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
  /** Whether a Key has one Record at most. */
  readonly isSingle: boolean
}

/** SQL: the query does not ask for this Record, and has no invalid row with its Key. */
export function isGone({ table, records, rowsNameGroups }: StagedRecords, key: string, group: string): string {
  if (!rowsNameGroups) return `not exists (select from ${table} s where s.key = ${key})`
  return `(not exists (select from ${records} s where s.key = ${key} and s.group_id = ${group}) and not exists (select from ${table} s where s.key = ${key} and s.aside))`
}
