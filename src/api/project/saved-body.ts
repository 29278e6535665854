import { isDeepStrictEqual } from 'node:util'
import type { ZodType } from 'zod'
import { createProblemList } from '../../config/problem-list.ts'
import { referenceIn } from '../../config/references/reference.ts'
import { readJson } from '../../config/source/read-json.ts'
import { secretNodes, keysMarked } from '../../config/schema-walk.ts'
import type { ProjectEntry, Section } from '../../store/project/project-entries.ts'
import type { Sealer } from '../../store/project/sealer.ts'
import { DraftFault } from './draft-fault.ts'
import { pointerOf, stepsOf, valueAt, withValue } from './json-pointer.ts'

export type Body = Readonly<Record<string, unknown>>
type Kept = Pick<ProjectEntry, 'body' | 'sealed'>

/** Placeholder for a typed secret. */
const mark = { secret: 'set' } as const

/** The body with its secrets filled in. Throws a Fault `secret-key-differs`. */
export function openBody(
  { section, name, body, sealed }: Kept & { readonly section: Section; readonly name: string },
  sealer: Sealer,
): Body {
  return Object.entries(sealed)
    .filter(([pointer]) => isMark(valueAt(body, stepsOf(pointer))))
    .reduce(
      (open, [pointer, text]) =>
        withValue(open, stepsOf(pointer), parse(sealer.unseal(text, placeOf(section, name, pointer)))),
      body,
    )
}

/** Replaces `{ secret: 'set' }` in a draft by the saved secrets. Throws a DraftFault if one is not saved. */
export function fillDraft(draft: Body, saved: Body | undefined): Body {
  const places = marksIn(draft, [])
  const lacking = places.filter((steps) => valueAt(saved, steps) === undefined)
  if (lacking.length > 0)
    throw new DraftFault(
      lacking.map((steps) => ({
        pointer: `/config${pointerOf(steps)}`,
        detail: 'has no saved value; enter it',
        code: 'secret-not-set',
      })),
    )
  return places.reduce((filled, steps) => withValue(filled, steps, valueAt(saved, steps)), draft)
}

/** Moves secrets from the body to `sealed`. Keeps the sealed text of an unchanged secret, and `${NAME}` as written. */
export function sealBody(
  schema: ZodType,
  body: Body,
  of: { readonly section: Section; readonly name: string; readonly before?: Kept | undefined },
  sealer: Sealer,
): Kept {
  const { section, name, before } = of
  const earlier = before === undefined ? undefined : openBody({ section, name, ...before }, sealer)
  // With an empty environment, references stay as written.
  const tree = readJson(body, {}, createProblemList(''), 'keep')
  const places = secretNodes(schema, tree)
    .map(({ path }) => path)
    .filter((path) => {
      const value = valueAt(body, path)
      return value !== null && !(typeof value === 'string' && isReference(value))
    })
  const sealed = Object.fromEntries(
    places.map((path): [string, string] => {
      const pointer = pointerOf(path)
      const text = JSON.stringify(valueAt(body, path))
      const same = before?.sealed[pointer]
      return [
        pointer,
        same !== undefined && JSON.stringify(valueAt(earlier, path)) === text
          ? same
          : sealer.seal(text, placeOf(section, name, pointer)),
      ]
    }),
  )
  return { body: places.reduce((rest, path) => withValue(rest, path, mark), body), sealed }
}

export function isMark(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    (value as { secret?: unknown }).secret === 'set'
  )
}

const variable = String.raw`\$\{[A-Za-z_][A-Za-z0-9_]*\}`
/** `${NAME}`, or a URL whose password is `${NAME}` and that has no parameters: contains no secret as written. */
const reference = new RegExp(String.raw`^(?:${variable}|[a-z]+://[^:@/?#\s]*:${variable}@[^?#\s]*)$`, 'i')

/** Also `env:NAME` and `file:path`. The arguments of an `exec:` command may be secret. */
function isReference(text: string): boolean {
  const found = referenceIn(text, {}, 'keep')
  return reference.test(text) || (found !== undefined && 'scheme' in found && found.scheme !== 'exec')
}

function marksIn(value: unknown, steps: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return []
  if (isMark(value)) return [steps]
  return Object.entries(value).flatMap(([key, item]) =>
    marksIn(item, [...steps, Array.isArray(value) ? Number(key) : key]),
  )
}

function placeOf(section: Section, name: string, pointer: string): string {
  return JSON.stringify([section, name, pointer])
}

function parse(text: string): unknown {
  return JSON.parse(text) as unknown
}

/** The keys that say where secrets are sent, and that differ. */
export function movedAddress(schema: ZodType, before: Body, after: Body): readonly string[] {
  return keysMarked(schema, 'address').filter((key) => !isDeepStrictEqual(before[key], after[key]))
}

/** A kept secret may only go to its previous address. Otherwise an editor could send it to an address of their own. */
export function rejectMovedSecrets(schema: ZodType, before: { readonly body: Body }, after: Body): void {
  const moved = movedAddress(schema, before.body, after)
  const kept = Object.keys(after).filter((key) => isMark(after[key]))
  if (moved.length === 0 || kept.length === 0) return
  throw new DraftFault(
    kept.map((key) => ({
      pointer: `/config/${key}`,
      detail: `enter it again, because it would be sent to another address (${moved.join(', ')} changed)`,
      code: 'secret-not-set',
    })),
  )
}
