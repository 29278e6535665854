import { z } from 'zod'
import type { Config } from '../../lib/activation-config.ts'

/** The wizard's current input. It contains no secrets: only Connections have them. */
export interface Draft {
  readonly name: string
  readonly config: Config
}

const kept = z.object({ name: z.string(), config: z.record(z.string(), z.unknown()), at: z.string() })
export type KeptDraft = z.output<typeof kept>

const keyOf = (from: string | null): string => (from === null ? 'tailrace-draft' : `tailrace-draft-from:${from}`)

/** The draft stored in this browser; null if there is none, or if it is not readable. */
export function readDraft(from: string | null): KeptDraft | null {
  const text = localStorage.getItem(keyOf(from))
  if (text === null) return null
  try {
    const read = kept.safeParse(JSON.parse(text))
    return read.success ? read.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export function keepDraft(from: string | null, { name, config }: Draft): void {
  localStorage.setItem(keyOf(from), JSON.stringify({ name, config, at: new Date().toISOString() }))
}

export function forgetDraft(from: string | null): void {
  localStorage.removeItem(keyOf(from))
}
