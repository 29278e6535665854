import { createHash } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { Fault } from '../../model/fault.ts'
import { fileTrouble } from '../../model/machine-trouble.ts'
import type { GuardRule } from '../../rules/guardrails.ts'
import { lineText, type PlanLine } from '../../rules/plan-line.ts'
import type { PlanBasis } from './plan-basis.ts'
import type { LineNames } from './shown-line.ts'

const format = 2
/** Lines that are written or hashed together. */
const linesAtOnce = 1000
const endOfHead = ',"lines":['
const endLine = /^\],"hash":"([0-9a-f]{64})"\}\n?$/
const fileTroubles = [
  'ENOENT',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOTDIR',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'ENAMETOOLONG',
  'ELOOP',
  'EMFILE',
  'EIO',
]
const makeAnother = 'Make a new plan with "tailrace plan --out", review it, and run the new plan.'

export interface PlanHead {
  readonly format: typeof format
  readonly activation: string
  /** ISO 8601. */
  readonly madeAt: string
  readonly expiresAt: string
  /** Guardrails that were overridden for the Plan. */
  readonly allow: readonly GuardRule[]
  readonly basis: PlanBasis
  readonly counts: Readonly<Record<string, number>>
  readonly calls: number
}

/** A Plan that was approved, complete and unchanged. */
export interface SavedPlan {
  readonly head: PlanHead
  readonly hash: string
  lines(recordOf: LineNames['recordOf']): AsyncIterable<PlanLine>
}

/**
 * Writes a Plan as one JSON document: one line for the head, one for each line of the Plan, and one for the sha256 of
 * everything before it. It is streamed, gets its name only when complete, and only its owner may read it. Returns the
 * hash.
 */
export async function writePlanFile(
  file: string,
  head: Omit<PlanHead, 'format'>,
  lines: AsyncIterable<PlanLine>,
): Promise<string> {
  const draft = `${file}.${process.pid}.part`
  let handle: FileHandle | undefined
  try {
    handle = await open(draft, 'w', 0o600)
    const hash = createHash('sha256')
    for await (const text of planTexts(headOf(head), lines)) {
      hash.update(text)
      await handle.writeFile(text)
    }
    const digest = hash.digest('hex')
    await handle.writeFile(`],"hash":"${digest}"}\n`)
    await handle.sync()
    await handle.close()
    handle = undefined
    await rename(draft, file)
    return digest
  } catch (error) {
    await handle?.close()
    await rm(draft, { force: true })
    throw isOfFiles(error)
      ? new Fault('usage', `${file} cannot be written: ${fileTrouble(error, 'write')}.`, {
          code: 'plan-not-written',
          advice: 'Use another path with --out.',
          cause: error,
        })
      : error
  }
}

/** Reads a whole plan file. Throws unless it is complete, of this Activation, and not expired. */
export async function readPlanFile(file: string, activation: string, now: number): Promise<SavedPlan> {
  const damaged = (why: string) => new Fault('blocked', `${file} ${why}`, { code: 'plan-damaged', advice: makeAnother })
  const hash = createHash('sha256')
  let head: PlanHead | undefined
  let end: string | undefined
  let pending: string[] = []
  try {
    for await (const line of textLines(file)) {
      if (head === undefined) head = readHead(line) ?? fail(damaged('is not a plan.'))
      if (head.format !== format)
        throw new Fault('usage', `${file} is a plan of format ${head.format}; this version reads format ${format}.`, {
          code: 'plan-format',
          advice: makeAnother,
        })
      if (end !== undefined) throw damaged('has content after the end of the plan.')
      if (line.startsWith('],')) end = endLine.exec(line)?.[1] ?? fail(damaged('is incomplete.'))
      else if (pending.push(line) >= linesAtOnce) {
        hash.update(pending.join(''))
        pending = []
      }
    }
  } catch (error) {
    throw isOfFiles(error)
      ? new Fault('usage', `${file} cannot be read: ${fileTrouble(error, 'read')}.`, {
          code: 'plan-not-read',
          advice: makeAnother,
          cause: error,
        })
      : error
  }
  if (head === undefined || end === undefined) throw damaged(head === undefined ? 'is empty.' : 'is incomplete.')
  if (hash.update(pending.join('')).digest('hex') !== end)
    throw damaged('was changed after it was written: its bytes do not match its hash.')
  if (head.activation !== activation) {
    throw new Fault('usage', `${file} is a plan for the activation "${head.activation}", not for "${activation}".`, {
      code: 'plan-for-another',
      advice: `tailrace run ${head.activation} --plan ${file}`,
    })
  }
  if (now >= Date.parse(head.expiresAt))
    throw new Fault('blocked', `${file} expired at ${head.expiresAt}.`, { code: 'plan-expired', advice: makeAnother })
  return { head, hash: end, lines: () => savedLines(file) }
}

/** Head of a Plan in this version's format. */
export function headOf(head: Omit<PlanHead, 'format'>): PlanHead {
  return { format, ...head }
}

/** The hash of a plan file with this head and these lines. */
export async function hashOfPlan(head: PlanHead, lines: AsyncIterable<PlanLine>): Promise<string> {
  const hash = createHash('sha256')
  for await (const text of planTexts(head, lines)) hash.update(text)
  return hash.digest('hex')
}

/** Everything that is hashed, a thousand lines at a time. */
async function* planTexts(head: PlanHead, lines: AsyncIterable<PlanLine>): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)}${endOfHead}\n`
  let texts: string[] = []
  let last: string | undefined
  for await (const line of lines) {
    if (last !== undefined) texts.push(`${last},\n`)
    last = lineText(line)
    if (texts.length < linesAtOnce) continue
    yield texts.join('')
    texts = []
  }
  yield texts.join('') + (last === undefined ? '' : `${last}\n`)
}

async function* savedLines(file: string): AsyncGenerator<PlanLine> {
  let isHead = true
  for await (const line of textLines(file)) {
    if (!isHead && !line.startsWith('],')) yield JSON.parse(line.replace(/,?\n$/, '')) as PlanLine
    isHead = false
  }
}

/** Lines with their line ends. Only a newline ends a line: identifiers may contain other Unicode line separators. */
async function* textLines(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const parts = (rest + chunk).split(/(?<=\n)/)
    rest = parts.at(-1)?.endsWith('\n') === false ? (parts.pop() ?? '') : ''
    yield* parts
  }
  if (rest !== '') yield rest
}

function readHead(line: string): PlanHead | undefined {
  if (!line.endsWith(`${endOfHead}\n`)) return undefined
  try {
    const head: unknown = JSON.parse(`${line.slice(0, -endOfHead.length - 1)}}`)
    return typeof head === 'object' && head !== null && 'format' in head && 'activation' in head
      ? (head as PlanHead)
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** An error of the file system. Connection errors of Node have codes as well. */
function isOfFiles(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && fileTroubles.includes(String(error.code))
}

function fail(fault: Fault): never {
  throw fault
}
