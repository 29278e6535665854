import pg from 'pg'
import { Fault, type FaultKind } from '../../model/fault.ts'
import { machineTrouble } from '../../model/machine-trouble.ts'
import { databaseTrouble } from './database-trouble.ts'

/** Turns what `pg` throws while connecting and preparing into a message with host and port, never with the password. */
export function connectFault(error: unknown, server: string): Fault {
  const lacking = machineTrouble(error)
  if (lacking !== undefined)
    return new Fault('transient', `Cannot use the PostgreSQL at ${server}: ${lacking.words}.`, {
      code: lacking.code,
      advice: lacking.advice,
      cause: error,
    })
  const first = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error
  const words = first instanceof Error ? first.message : String(first)
  const lack = databaseTrouble(first)
  if (lack.code !== 'database-unavailable')
    return new Fault('transient', `Cannot use the PostgreSQL at ${server}: ${words.replace(/\.$/, '')}.`, {
      code: lack.code,
      advice: lack.advice,
      cause: error,
    })
  const [kind, code, advice] = judge(first, words)
  return new Fault(kind, `Cannot use the PostgreSQL at ${server}: ${words.replace(/\.$/, '')}.`, {
    code,
    advice,
    cause: error,
  })
}

function judge(error: unknown, words: string): [FaultKind, string, string] {
  if (error instanceof pg.DatabaseError) return judgeAnswer(error.code ?? '')
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (words.startsWith('SASL'))
    return ['auth', 'database-login-refused', 'Check the user and the password in DATABASE_URL.']
  if (/CERT|TLS|SSL/.test(code) || /SSL|certificate/.test(words) || syscall === 'open') {
    return ['config', 'database-tls', 'Check sslmode, sslrootcert, sslcert and sslkey in DATABASE_URL.']
  }
  return [
    'transient',
    'database-unreachable',
    'Check the host and the port in DATABASE_URL, and that the server is running and can be reached.',
  ]
}

/** By SQLSTATE, PostgreSQL's appendix A. */
function judgeAnswer(code: string): [FaultKind, string, string] {
  if (code.startsWith('28'))
    return ['auth', 'database-login-refused', 'Check the user and the password in DATABASE_URL.']
  if (code === '3D000')
    return ['config', 'database-unknown', 'Create the database, or name another one in DATABASE_URL.']
  if (code === '42501' || code === '25006') {
    const advice =
      'Tailrace keeps its tables in its own schema: allow its user to create the schema, or create it with that user as owner.'
    return ['config', 'database-forbidden', advice]
  }
  if (/^(08|53|57|58)/.test(code))
    return ['transient', 'database-unavailable', 'Try again when the server accepts connections.']
  return ['config', 'database-error', 'Check DATABASE_URL, and see the log of the server.']
}
