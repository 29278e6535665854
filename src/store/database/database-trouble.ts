export type DatabaseTroubleCode =
  | 'database-unavailable'
  | 'database-disk-full'
  | 'database-out-of-memory'
  | 'database-too-many-connections'
  | 'database-starting'

/** What the control database lacks, if it says so: each has its own code in the catalogue. */
export interface DatabaseTrouble {
  readonly code: DatabaseTroubleCode
  readonly words: string
  readonly advice: string
}

const lacks: Readonly<Record<string, DatabaseTrouble>> = {
  53100: {
    code: 'database-disk-full',
    words: 'The disk of the control database is full',
    advice:
      'Free space on the disk, or enlarge it. Nothing is lost: the next Run settles the records that were in flight and sends the rest.',
  },
  53200: {
    code: 'database-out-of-memory',
    words: 'The control database is out of memory',
    advice:
      'Give the database server more memory, or lower work_mem and max_connections. The next Run settles the records that were in flight and sends the rest.',
  },
  53300: {
    code: 'database-too-many-connections',
    words: 'The control database has no free connections',
    advice:
      'Raise max_connections, close other connections, or lower --concurrency. The next Run settles the records that were in flight and sends the rest.',
  },
  '57P03': {
    code: 'database-starting',
    words: 'The control database is starting or stopping',
    advice:
      'Wait until it accepts connections. The next Run settles the records that were in flight and sends the rest.',
  },
}

const away: DatabaseTrouble = {
  code: 'database-unavailable',
  words: 'The connection to the control database was lost',
  advice: 'The next Run settles the records that were in flight and sends the rest.',
}

/**
 * Whether a `pg` error says that the control database is unreachable, starting, ending or full. SQLSTATE: PostgreSQL's
 * appendix A.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  if (isOfServer(error)) return /^(08|53|57P)/.test(code)
  return (
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE)$/.test(code) ||
    /^Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  )
}

/** What an error means for which `isDatabaseTrouble` is true. If it names what it lacks, its own message is added. */
export function databaseTrouble(error: unknown): DatabaseTrouble {
  const lack = isOfServer(error) ? lacks[error.code] : undefined
  return lack === undefined ? away : { ...lack, words: `${lack.words}: ${(error as Error).message.replace(/\.$/, '')}` }
}

/**
 * An answer of the server itself, recognized by its SQLSTATE without loading `pg`, because every command checks its
 * errors here.
 */
function isOfServer(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
}
