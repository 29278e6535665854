import { deedWords } from '../../../src/model/words/activation-words.ts'
import type { Activation } from './activation-tab.ts'

/** Describes an Activation in one sentence. */
export function activationSentence(activation: Activation): string {
  const { nouns, config, schedule, paused, warehouse, target } = activation
  const when = paused ? 'Paused; otherwise ' : ''
  const rhythm =
    schedule === null ? 'when started manually' : schedule.startsWith('every') ? schedule : `at ${schedule}`
  const sentence = `${when}${rhythm}, the ${nouns.record.many} in ${target} that the query on ${warehouse} returns${matched(config['identifier'])} ${deedWords(activation)}.`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function matched(identifier: unknown): string {
  const first: unknown = Array.isArray(identifier) ? identifier[0] : identifier
  if (typeof first !== 'object' || first === null || !('column' in first) || typeof first.column !== 'string') return ''
  const field = 'field' in first && typeof first.field === 'string' ? first.field : 'their identifier'
  return ` (matched by ${first.column} = ${field})`
}
