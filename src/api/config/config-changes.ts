import { isDeepStrictEqual } from 'node:util'
import type { PoolClient } from 'pg'
import type { z } from 'zod'
import { Fault } from '../../model/fault.ts'
import {
  deleteEntry,
  insertEntry,
  replaceEntry,
  type ProjectEntry,
  type Section,
} from '../../store/project/project-entries.ts'
import { stepsOf } from '../project/json-pointer.ts'
import { isMark, type Body } from '../project/saved-body.ts'
import type { configChange } from './contract.ts'

export type Change = z.output<typeof configChange>
export type Sealed = Pick<ProjectEntry, 'body' | 'sealed'>

/** The change of one entry. `next` is undefined if the entry is removed. */
export interface Step {
  readonly section: Section
  readonly name: string
  readonly before: ProjectEntry | undefined
  readonly next: (Sealed & { readonly open: Body }) | undefined
}

/** What an apply shows of a step: the keys that change. */
export function changeOf({ section, name, before, next }: Step): Change {
  const keys = [...new Set([...Object.keys(before?.body ?? {}), ...Object.keys(next?.body ?? {})])].filter(
    (key) =>
      !isDeepStrictEqual(before?.body[key], next?.body[key]) ||
      !isDeepStrictEqual(sealedBelow(before, key), sealedBelow(next, key)),
  )
  const what = before === undefined ? 'add' : next === undefined ? 'remove' : keys.length > 0 ? 'change' : 'same'
  return {
    section,
    name,
    what,
    keys:
      what === 'remove' ? [] : keys.map((key) => ({ key, from: shown(before?.body[key]), to: shown(next?.body[key]) })),
  }
}

function sealedBelow(of: Sealed | undefined, key: string): object {
  return Object.fromEntries(Object.entries(of?.sealed ?? {}).filter(([pointer]) => stepsOf(pointer)[0] === key))
}

function shown(value: unknown): string | null {
  if (value === undefined) return null
  if (isMark(value)) return '(secret)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Saves Connections before the Activations that use them, and removes them afterwards. */
export async function perform(client: PoolClient, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.next === undefined || changeOf(step).what === 'same') continue
    const entry = { section: step.section, name: step.name, body: step.next.body, sealed: step.next.sealed }
    const done =
      step.before === undefined
        ? await insertEntry(client, entry)
        : await replaceEntry(client, entry, step.before.revision)
    if (done === undefined) throw differs()
  }
  for (const { section, name, before, next } of steps.toReversed()) {
    if (next === undefined && before !== undefined && !(await deleteEntry(client, section, name, before.revision)))
      throw differs()
  }
}

export function differs(): Fault {
  return new Fault(
    'blocked',
    'The config on the server has changed since these changes were shown. Nothing was applied.',
    {
      code: 'apply-differs',
      advice: 'Show the changes again, then apply them.',
    },
  )
}
