import { redactor } from '../../http/redact.ts'

/** Knows secrets, and blots them out of what people read. */
export interface SecretRegistry {
  hide(secrets: readonly string[]): void
  redact(text: string): string
}

/** Drafts bring secrets with every test of them: the oldest are forgotten beyond this many. */
const mostKnown = 5000

export function createSecretRegistry(): SecretRegistry {
  const known = new Set<string>()
  let blot: ((text: string) => string) | undefined
  return {
    hide(secrets) {
      for (const secret of secrets) {
        if (known.has(secret)) continue
        known.add(secret)
        blot = undefined
        const [oldest] = known
        if (known.size > mostKnown && oldest !== undefined) known.delete(oldest)
      }
    },
    redact: (text) => (blot ??= redactor([...known]))(text),
  }
}
