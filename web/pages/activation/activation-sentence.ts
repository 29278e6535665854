import type { Activation } from './activation-tab.ts'

const effects: Readonly<Record<string, (targetRecords: string, members: string) => string>> = {
  attach: (targetRecords, members) => `get the tag ${members} attached, and keep it`,
  detach: (targetRecords, members) => `lose ${members.includes(',') ? 'the tags' : 'the tag'} ${members}`,
  mirror: (targetRecords, members) => `have the tag ${members}, and lose it again when they are removed from the query`,
  upsert: () => 'are created, or updated where they exist',
  update: () => 'are updated where they exist',
  insert: () => 'are created where they do not exist yet',
  delete: () => 'are deleted permanently',
  archive: () => 'are archived',
}

/** Describes an Activation in one sentence. */
export function activationSentence({
  behavior,
  behaviorLabel,
  groups,
  objectLabel,
  object,
  config,
  schedule,
  paused,
  warehouse,
  target,
}: Activation): string {
  const targetRecord = object.replace(/_tag$/, '')
  const targetRecords = targetRecord.endsWith('y') ? `${targetRecord.slice(0, -1)}ies` : `${targetRecord}s`
  const named = groups.length === 0 ? 'named by each row' : groups.map(({ name }) => `“${name}”`).join(', ')
  const deed = effects[behavior]?.(targetRecords, named) ?? `are written as ${objectLabel}: ${behaviorLabel}`
  const when = paused ? 'Paused; otherwise ' : ''
  const rhythm =
    schedule === null ? 'when started manually' : schedule.startsWith('every') ? schedule : `at ${schedule}`
  const sentence = `${when}${rhythm}, the ${targetRecords} in ${target} that the query on ${warehouse} returns${matched(config['identifier'])} ${deed}.`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function matched(identifier: unknown): string {
  const first: unknown = Array.isArray(identifier) ? identifier[0] : identifier
  if (typeof first !== 'object' || first === null || !('column' in first) || typeof first.column !== 'string') return ''
  const field = 'field' in first && typeof first.field === 'string' ? first.field : 'their identifier'
  return ` (matched by ${first.column} = ${field})`
}
