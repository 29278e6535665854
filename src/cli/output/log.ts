import { createRequire } from 'node:module'
import type { Logger, pino } from 'pino'
import type { Log } from '../../connect/io.ts'
import type { Terminal } from '../../server/process/terminal.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
const require = createRequire(import.meta.url)

/** The log, on stderr: readable lines on a terminal, JSON elsewhere. The terminal removes secrets. */
export function createLog(terminal: Terminal, wanted: string | undefined): Log {
  const level = wanted !== undefined && levels.includes(wanted) ? wanted : 'warn'
  let logger: Logger | undefined
  const say =
    (as: 'debug' | 'info' | 'warn'): Log[typeof as] =>
    (message, fields) => {
      // Load pino only when needed: most commands log nothing.
      if (levels.indexOf(as) >= levels.indexOf(level))
        (logger ??= createLogger(terminal, level))[as](fields ?? {}, message)
    }
  return { debug: say('debug'), info: say('info'), warn: say('warn') }
}

function createLogger(terminal: Terminal, level: string): Logger {
  const make = require('pino') as typeof pino
  return make(
    {
      level,
      base: null,
      timestamp: make.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => terminal.note(terminal.isLive ? readable(line) : line.trimEnd()),
    },
  )
}

function readable(line: string): string {
  const { level, time: _time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [`${String(level)}:`, String(msg), ...rest].join(' ')
}
