import pg from 'pg'

/** Whether an error of `pg` says that the control database is away, starting, ending or full. SQLSTATE by PostgreSQL's appendix A. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  if (error instanceof pg.DatabaseError) return /^(08|53|57P)/.test(code)
  return /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE)$/.test(code) || /^Connection terminated|timeout exceeded when trying to connect/.test(error.message)
}
