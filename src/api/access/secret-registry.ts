import { redactor } from '../../http/redact.ts'

/** Collects known secrets and removes them from text that is shown or logged. */
export interface SecretRegistry {
  hide(secrets: readonly string[]): void
  redact(text: string): string
}

/** Each test of a draft adds its secrets. Beyond this number the oldest are forgotten. */
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
