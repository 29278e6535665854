import { isDeepStrictEqual } from 'node:util'
import type { ZodType } from 'zod'
import { keysMarked } from '../../config/schema-walk.ts'
import { DraftFault } from './draft-fault.ts'
import { isMark, type Body } from './saved-body.ts'

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
