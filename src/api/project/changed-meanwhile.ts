import { isDeepStrictEqual } from 'node:util'
import type { ProjectEntry } from '../../store/project/project-entries.ts'
import { DraftFault, type DraftProblem } from './draft-fault.ts'
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
