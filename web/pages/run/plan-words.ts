import type { ReplyOf } from '../../../src/api/endpoint.ts'
import type { readRunPlan } from '../../../src/api/runs/contract.ts'
import { plural } from '../../lib/format.ts'
import type { RunSummary } from '../../features/run/run-columns.tsx'

export type RunPlanReply = ReplyOf<typeof readRunPlan>
export type PlannedGroup = RunPlanReply['groups'][number]

type About = Pick<RunSummary, 'object' | 'undoes'>

const operationWords: Readonly<Record<string, string>> = {
  create: 'to create',
  update: 'to update',
  upsert: 'to create or update',
  delete: 'to delete',
  archive: 'to archive',
  restore: 'to unarchive',
  reject: 'that cannot be loaded',
  wait: 'on hold until a later Run',
}

/** `12 tags to attach, because their records are new in the query`. */
export function groupSentence(group: PlannedGroup, about: About): string {
  const why = group.title === null ? `because ${whyOf(group, about)}` : lowerFirst(group.title)
  return `${whatOf(group, about)}${group.title === null ? ', ' : ': '}${why}`
}

function whatOf({ operation, lines, links }: PlannedGroup, { object }: About): string {
  if (operation === 'skip') return `${plural(lines, 'record')} to skip`
  if (operation !== 'attach' && operation !== 'detach')
    return `${plural(lines, 'record')} ${operationWords[operation] ?? operation}`
  const noun = object.endsWith('_tag') ? 'tag' : 'membership'
  const preposition = operation === 'attach' ? 'to' : 'from'
  if (links === null) return `${plural(lines, 'record')} to ${operation} ${noun}s ${preposition}`
  return links === lines
    ? `${plural(lines, noun)} to ${operation}`
    : `${plural(links, noun)} to ${operation} ${preposition} ${plural(lines, 'record')}`
}

/** Reasons to skip, for one Record and for several. */
const skips: Readonly<Record<string, readonly [one: string, several: string]>> = {
  'in-place': ['the Target holds it already', 'the Target holds them already'],
  external: ['a person added it', 'a person added them'],
  'wanted-elsewhere': ['another record or Activation still needs it', 'other records or Activations still need them'],
  'nothing-to-do': ['there is nothing to change in the Target', 'there is nothing to change in the Target'],
  'later-run': ['a later Run has changed it since', 'a later Run has changed them since'],
  confirmed: ['the Target confirmed what was unconfirmed', 'the Target confirmed what was unconfirmed'],
  'state-unknown': ['its previous state is unknown', 'their previous state is unknown'],
  'cannot-restore': ['it was deleted permanently', 'they were deleted permanently'],
}
const reasons: Readonly<Record<string, readonly [one: string, several: string]>> = {
  new: ['is new in the query', 'are new in the query'],
  changed: ['has a changed row', 'have changed rows'],
  left: ['is no longer in the query', 'are no longer in the query'],
  unconfirmed: ['was sent before without a clear answer', 'were sent before without a clear answer'],
  retry: ['was not loaded before', 'were not loaded before'],
}

function whyOf({ operation, reason, code, lines, links }: PlannedGroup, { undoes }: About): string {
  const at = lines === 1 ? 0 : 1
  if (code !== null) return skips[code]?.[at] ?? code
  if (reason === 'undo') return `this undoes Run ${undoes}`
  // A row may still be in the query and no longer ask for the link.
  const isOfTags = (operation === 'attach' || operation === 'detach') && links === lines && reason !== 'left'
  const who = isOfTags ? ['its record', 'their records'] : ['it', 'they']
  return `${who[at]} ${reasons[reason]?.[at] ?? reason}`
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

/** The summary of the plan, above its groups. */
export function planLead({ writes, calls: { estimated } }: RunPlanReply, status: RunSummary['status']): string {
  const calls = estimated === null || writes === 0 ? '' : `, in about ${plural(estimated, 'write call')}`
  if (status === 'blocked') return `The Run would have made ${plural(writes, 'write')}${calls}.`
  return writes === 0 ? 'The Run had nothing to write.' : `The Run planned ${plural(writes, 'write')}${calls}.`
}

/** The number of write calls made; empty if none. */
export function madeWords({ calls: { made } }: RunPlanReply): string {
  return made === 0 ? '' : ` ${plural(made, 'write call')} ${made === 1 ? 'was' : 'were'} made.`
}
