import { InvalidArgumentError, Option } from 'commander'
import { nearestNames } from '../model/nearest-names.ts'
import { guardRules, type GuardRule } from '../sync/guard.ts'

/** `--allow adds,removes`: guardrails that one Run is let through. May be given several times. */
export function allowOption(): Option {
  return new Option('--allow <rules>', `let this one Run through these guardrails: ${guardRules.join(', ')}`).argParser(readRules)
}

function readRules(text: string, earlier: readonly GuardRule[] = []): readonly GuardRule[] {
  const rules = text.split(',').map((word) => word.trim()).filter((word) => word !== '')
  const unknown = rules.find((rule) => !isRule(rule))
  if (unknown !== undefined || rules.length === 0) {
    const [near] = nearestNames(unknown ?? '', guardRules)
    throw new InvalidArgumentError(`There is no guardrail "${unknown ?? ''}"${near === undefined ? '' : `; did you mean ${near}?`} There are: ${guardRules.join(', ')}.`)
  }
  return [...new Set([...earlier, ...rules.filter(isRule)])]
}

function isRule(word: string): word is GuardRule {
  return (guardRules as readonly string[]).includes(word)
}
