import pc from 'picocolors'
import { redactor } from '../../http/redact.ts'

export type Colors = ReturnType<typeof pc.createColors>

/** All output of the process goes through here. Known secrets are redacted. */
export interface Terminal {
  /** Writes a line to stdout; waits while the reader is slow. */
  print(line?: string): Promise<void>
  /** Writes text to stdout unchanged, for long lists. */
  write(text: string): Promise<void>
  /** Writes data to stdout as one line of JSON. */
  json(data: unknown): Promise<void>
  /** Writes a line to stderr, above the live line. */
  note(line?: string): void
  /** Replaces the live line at the end of stderr; undefined removes it. Does nothing if stderr is not a terminal. */
  live(line: string | undefined): void
  readonly isLive: boolean
  /** Columns of stdout: the terminal's width, else COLUMNS, else unlimited (a pipe, a file). */
  readonly width: number
  /** The reader of stdout has closed it: no more output is needed. */
  readonly readerGone: boolean
  /** Colors for stdout, and for stderr. */
  readonly colors: Colors
  readonly noteColors: Colors
  hide(secrets: readonly string[]): void
}

/** A terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly destroyed?: boolean
}

type Env = Readonly<Record<string, string | undefined>>
/** Width of most terminals that do not report it. */
export const usualWidth = 80

export function createTerminal(stdout: Output, stderr: Output, env: Env): Terminal {
  const known = new Set<string>()
  let redact = redactor([])
  let liveLine: string | undefined
  let gone = false
  const isLive = stderr.isTTY === true && env['TERM'] !== 'dumb'

  // A reader that closes early (| head) is no error, nor is a terminal that was closed while a Run continues.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    gone = true
    if (error.code !== 'EPIPE' && error.code !== 'EIO') process.exitCode = 4
  })
  stderr.on('error', () => undefined)

  const write = async (text: string): Promise<void> => {
    if (gone) return
    eraseLive()
    const hasRoom = stdout.write(redact(text))
    if (!hasRoom) await drained(stdout)
    drawLive()
  }
  const eraseLive = (): void => {
    if (liveLine !== undefined) stderr.write('\r\u001b[2K')
  }
  const drawLive = (): void => {
    if (liveLine !== undefined) stderr.write(cut(liveLine, (stderr.columns || usualWidth) - 1))
  }

  return {
    print: (line = '') => write(`${line}\n`),
    write,
    json: (data) =>
      write(`${JSON.stringify(data, (_key, value: unknown) => (typeof value === 'string' ? redact(value) : value))}\n`),
    note(line = '') {
      eraseLive()
      stderr.write(`${redact(line)}\n`)
      drawLive()
    },
    live(line) {
      if (!isLive) return
      eraseLive()
      liveLine = line === undefined ? undefined : redact(line)
      drawLive()
    },
    isLive,
    get width() {
      return stdout.columns ?? (Number(env['COLUMNS']) || Number.POSITIVE_INFINITY)
    },
    get readerGone() {
      return gone
    },
    colors: pc.createColors(usesColor(stdout, env)),
    noteColors: pc.createColors(usesColor(stderr, env)),
    hide(secrets) {
      for (const secret of secrets) known.add(secret)
      redact = redactor([...known])
    },
  }
}

async function drained(stream: Output): Promise<void> {
  if (stream.destroyed === true) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done).off('error', done)
      resolve()
    }
    stream.on('drain', done).on('close', done).on('error', done)
  })
}

function usesColor(stream: Output, env: Env): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR']) return true
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

/**
 * Shortens the live line to one row, because a wrapped line cannot be erased. It has no colors, so length equals width.
 */
function cut(line: string, width: number): string {
  const letters = [...line]
  return letters.length <= width ? line : `${letters.slice(0, width - 1).join('')}…`
}
