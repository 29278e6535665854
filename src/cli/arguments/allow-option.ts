import { InvalidArgumentError, Option } from 'commander'
import { nearestNames } from '../../model/nearest-names.ts'
import { guardRules, type GuardRule } from '../../rules/guardrails.ts'

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
