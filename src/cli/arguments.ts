import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Pool } from 'pg'
import { nearestNames } from '../model/nearest-names.ts'
import { guardRules, type GuardRule } from '../rules/guardrails.ts'
import { parseDuration } from '../rules/duration.ts'
import { Fault } from '../model/fault.ts'
import { listRuns } from '../store/runs/runs.ts'
import { globalsOf } from '../server/process/host.ts'

/** `--allow adds,removes`: overrides guardrails for one Run. May be repeated. */
export function allowOption(): Option {
  return new Option(
    '--allow <rules>',
    `override these guardrails for this one Run: ${guardRules.join(', ')}`,
  ).argParser(readRules)
}

/** Old names of guardrails, and their current names. */
const renamed: Readonly<Record<string, string>> = { refused: 'invalid' }

function readRules(text: string, earlier: readonly GuardRule[] = []): readonly GuardRule[] {
  const rules = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const unknown = rules.find((rule) => !isRule(rule))
  if (unknown !== undefined || rules.length === 0) {
    const now = renamed[unknown ?? '']
    if (now !== undefined) throw new InvalidArgumentError(`The guardrail "${unknown}" is now called "${now}".`)
    const [near] = nearestNames(unknown ?? '', guardRules)
    throw new InvalidArgumentError(
      `There is no guardrail "${unknown ?? ''}"${near === undefined ? '' : `; did you mean ${near}?`}${near === undefined ? '.' : ''} There are: ${guardRules.join(', ')}.`,
    )
  }
  return [...new Set([...earlier, ...rules.filter(isRule)])]
}

function isRule(word: string): word is GuardRule {
  return (guardRules as readonly string[]).includes(word)
}

/** Parses an option value: a number of records, at least one. */
export function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a number of records, such as 10.')
  return Number(text)
}

/** Parses an option value: a duration, in milliseconds. */
export function readDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Write a duration such as 30s, 15m or 6h.')
  return ms
}

/** Parses a Run number. */
export function readRunNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError(
      `Write the number of a Run; "tailrace runs${/^[A-Za-z][\w-]*$/.test(text) ? ` ${text}` : ''}" lists them.`,
    )
  }
  return Number(text)
}

export async function unknownRun(pool: Pool, id: number): Promise<Fault> {
  const [newest] = await listRuns(pool, { limit: 1 })
  return new Fault('usage', `There is no Run ${id}.`, {
    code: 'run-not-found',
    advice:
      newest === undefined
        ? 'There are no Runs yet.'
        : `The newest is Run ${newest.id} of ${newest.activation}; "tailrace runs" lists them.`,
  })
}

/** With --json, stdout ends with one JSON object. A list in another format on the same stdout would break both. */
export function rejectFormatWithJson(command: Command): void {
  if (!globalsOf(command).json || command.getOptionValueSource('format') !== 'cli') return
  const format = String(command.getOptionValue('format'))
  throw new Fault('usage', `--json and --format ${format} cannot be used together.`, {
    code: 'conflicting-option',
    advice: '--json prints one object that contains the list; --format prints only the list. Use one of the two.',
  })
}
