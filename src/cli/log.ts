import pino from 'pino'
import type { Log } from '../connect/io.ts'
import type { Terminal } from './terminal.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** The log, on stderr: a readable line on a terminal, JSON elsewhere. The terminal blots out secrets. */
export function createLog(terminal: Terminal, wanted: string | undefined): Log {
  const level = wanted !== undefined && levels.includes(wanted) ? wanted : 'warn'
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, {
    write: (line: string) => terminal.note(terminal.isLive ? readable(line) : line.trimEnd()),
  })
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
  }
}

function readable(line: string): string {
  const { level, time: _time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [`${String(level)}:`, String(msg), ...rest].join(' ')
}
