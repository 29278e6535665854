/**
 * Redacts secrets from text: in plain form and as encoded in a URL, JSON or base64.
 * Longer forms are replaced first, so that no rest of one remains.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= 4).flatMap(formsOf))
  const sorted = [...forms].sort((a, b) => b.length - a.length)
  return (text) => sorted.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text)
}

function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ]
}

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
