import pg from 'pg'
import { Fault, type FaultKind } from '../model/fault.ts'

/** Turns what `pg` throws while connecting into words with host and port, and never with the password. */
export function connectFault(error: unknown, server: string): Fault {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const [kind, name, advice] = judge(error, code)
  const words = error instanceof Error && error.message !== '' ? error.message : code
  return new Fault(kind, `Cannot use the PostgreSQL at ${server}: ${words}.`, { code: name, advice, cause: error })
}

function judge(error: unknown, code: string): [FaultKind, string, string] {
  if (error instanceof pg.DatabaseError) {
    if (code.startsWith('28')) return ['auth', 'database-login-refused', 'See user and password in DATABASE_URL.']
    if (code === '3D000') return ['config', 'database-unknown', 'Create the database, or name another in DATABASE_URL.']
    if (code === '42501') return ['config', 'database-forbidden', 'Grant the user of DATABASE_URL what the message names.']
    return ['transient', 'database-unavailable', 'Try again when the server takes connections.']
  }
  if (/CERT|TLS|SSL/.test(code) || (error instanceof Error && /SSL|certificate/.test(error.message))) {
    return ['config', 'database-tls', 'See sslmode (and sslrootcert) in DATABASE_URL.']
  }
  return ['transient', 'database-unreachable', 'See host and port in DATABASE_URL, and that the server runs and lets this machine in.']
}
