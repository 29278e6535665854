import pg from 'pg'
import { Fault, queryFailed, queryNotReadOnly } from '../../connect/index.ts'
import type { Address } from './address.ts'
import { connectFault } from './connect-fault.ts'

/** Error of a wrapped query. `offset` is the start of the user's SQL in the wrapped text, in characters. */
export function queryFault(error: unknown, sql: string, offset: number, address: Address): Fault {
  if (Fault.is(error)) return error
  if (!(error instanceof pg.DatabaseError)) return connectionLost(error, address)
  const { code = '', hint, detail, routine = '' } = error
  const message = error.message.replace(/\n\) AS tailrace_query[^"]*/, '')
  if (/^(08|40|53|57P)/.test(code) && routine !== 'exec_bind_message') {
    return new Fault('transient', `PostgreSQL ended the query: ${message}`, {
      code: 'warehouse-interrupted',
      ...(hint === undefined ? {} : { advice: hint }),
    })
  }
  if (code === '57014') {
    return new Fault(
      'config',
      `The query ran longer than statementTimeout, or was cancelled in the database: ${message}.`,
      {
        code: 'query-timeout',
        advice: 'Raise statementTimeout of this warehouse, or make the query faster.',
      },
    )
  }
  if (writes(code, routine, message)) return queryNotReadOnly(`${message}.`)
  if (code === '42501') {
    return new Fault('auth', `The role has no permission to read a table of the query: ${message}.`, {
      code: 'permission-denied',
      advice: 'Grant the role SELECT on the table, and USAGE on its schema.',
    })
  }
  const at = positionIn(error, sql, offset)
  return queryFailed(detail === undefined ? message : `${message}: ${detail}`, sql, at, hint)
}

/**
 * `analyzeCTE`: WITH x AS (INSERT …). `transformSelectStmt`: SELECT … INTO. Compares names of PostgreSQL functions,
 * since messages may be translated.
 */
function writes(code: string, routine: string, message: string): boolean {
  return (
    code === '25006' ||
    (code === '0A000' && routine === 'analyzeCTE') ||
    (code === '42601' && routine === 'transformSelectStmt' && /INTO/.test(message))
  )
}

/** PostgreSQL counts characters from 1; JavaScript counts UTF-16 units. Undefined if the position is in our wrapper. */
function positionIn(error: pg.DatabaseError, sql: string, offset: number): number | undefined {
  if (error.position === undefined) return undefined
  const characters = Number(error.position) - 1 - offset
  return characters < 0 ? undefined : [...sql].slice(0, characters).join('').length
}

function connectionLost(error: unknown, address: Address): Fault {
  const message = error instanceof Error ? error.message : String(error)
  if (/terminated|closed|not queryable/i.test(message)) {
    return new Fault('transient', `The connection to ${address.host} broke: ${message}.`, {
      code: 'warehouse-connection-lost',
    })
  }
  return connectFault(error, address)
}
