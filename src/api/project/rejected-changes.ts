import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../model/fault.ts'
import type { ProjectEntry, Section } from '../../store/project/project-entries.ts'
import { DraftFault, draftProblem, type DraftProblem } from './draft-fault.ts'
import { nounOf } from './project-config.ts'
import { isMark, type Body } from './saved-body.ts'

/** The error for an edit of an outdated revision. Names the keys changed since, if the old revision is still stored. */
export function changedMeanwhile(now: ProjectEntry, was: Body | undefined): ChangedMeanwhile {
  const keys =
    was === undefined
      ? []
      : [...new Set([...Object.keys(was), ...Object.keys(now.body)])].filter(
          (key) => !isDeepStrictEqual(was[key], now.body[key]),
        )
  return new ChangedMeanwhile(
    now.name,
    keys.map((key): DraftProblem => ({
      pointer: key === 'type' ? '/type' : `/config/${key}`,
      code: 'changed-meanwhile',
      detail: `was ${shown(was?.[key])}, and is now ${shown(now.body[key])}`,
    })),
  )
}

export class ChangedMeanwhile extends DraftFault {
  constructor(name: string, errors: readonly DraftProblem[]) {
    super(errors, {
      code: 'changed-meanwhile',
      message: `Another user changed "${name}" since you read it${errors.length === 0 ? '' : `: ${errors.map(({ pointer }) => pointer.split('/').at(-1)).join(', ')}`}.`,
      advice: 'Nothing was saved. Read the current version, and make your change again.',
    })
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'not set'
  if (isMark(value)) return 'a secret'
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** Names that collide with paths of the API. */
const reserved = ['types', 'test']

/** Why an entry cannot be saved under this name; undefined if it can. */
export function nameTrouble(section: Section, name: string): string | undefined {
  if (name.trim() !== name) return 'starts or ends with a space'
  if (/\p{Cc}/u.test(name)) return 'contains control characters'
  if (name === '.' || name === '..') return `"${name}" has a special meaning in paths; choose another name`
  if (name.length > 200) return 'has more than 200 characters'
  return section !== 'activations' && reserved.includes(name)
    ? `"${name}" is reserved by the server; choose another name`
    : undefined
}

interface EntryName {
  readonly section: Section
  readonly name: string
}

/** Throws a DraftFault if an entry cannot be saved under this name. */
export function rejectName({ section, name }: EntryName): void {
  const trouble = nameTrouble(section, name)
  if (trouble !== undefined) throw draftProblem('/name', trouble, 'config-invalid')
}

export function nameTaken({ section, name }: EntryName): Fault {
  return draftProblem(
    '/name',
    `${section === 'activations' ? 'An' : 'A'} ${nounOf(section)} "${name}" already exists; choose another name.`,
    'name-taken',
  )
}

export function inUse(section: Section, name: string, users: readonly string[]): Fault {
  const named = users
    .slice(0, 5)
    .map((user) => `"${user}"`)
    .join(', ')
  return new Fault(
    'blocked',
    `The ${nounOf(section)} "${name}" is used by ${users.length === 1 ? 'the activation' : `${users.length} activations, such as`} ${named}.`,
    {
      code: 'connection-in-use',
      advice: 'First delete these activations, or change them to use another one.',
    },
  )
}
