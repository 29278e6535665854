import { shownReference, type Reference, type ReferenceScheme, type Resolved } from './reference.ts'
import { readSecretFile } from './secret-file.ts'
import { runSecretCommand } from './secret-command.ts'

export interface ReferenceOptions {
  /** Folder of tailrace.yaml. Paths are relative to it, and commands run in it. */
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What this process may resolve. Other references are problems. */
  readonly allowed: readonly ReferenceScheme[]
  /** Time limit of a command, in milliseconds. Default: 30 seconds. */
  readonly commandMs?: number
}

export interface References {
  resolve(reference: Reference): Promise<Resolved>
}

export const allSchemes: readonly ReferenceScheme[] = ['env', 'file', 'exec']

/** A server reads its saved config often, so the output of a command is used for this long, in milliseconds. */
const outputLastsMs = 60_000

export function createReferences({ dir, env, allowed, commandMs = 30_000 }: ReferenceOptions): References {
  const outputs = new Map<string, Promise<Resolved>>()
  const run = (words: readonly string[]): Promise<Resolved> => {
    const key = JSON.stringify(words)
    const known = outputs.get(key)
    if (known !== undefined) return known
    const output = runSecretCommand(words, { dir, env, commandMs })
    outputs.set(key, output)
    const forget = () => void outputs.delete(key)
    void output.then((resolved) => ('trouble' in resolved ? forget() : setTimeout(forget, outputLastsMs).unref()))
    return output
  }
  return {
    async resolve(reference) {
      const { scheme } = reference
      if (!allowed.includes(scheme)) return { trouble: notAllowed(scheme) }
      if (scheme === 'file') return await readSecretFile(reference.path, dir)
      if (scheme === 'exec') return await run(reference.words)
      const value = env[reference.name]
      if (value === undefined) return { trouble: `the environment variable ${reference.name} is not set` }
      return value === '' ? { trouble: `the environment variable ${reference.name} is empty` } : { text: value }
    },
  }
}

/** Keeps the text of a reference that cannot be resolved, and runs no command: for work that may need no secret. */
export function keepUnresolved(references: References): References {
  return {
    async resolve(reference) {
      if (reference.scheme === 'exec') return { text: shownReference(reference) }
      const resolved = await references.resolve(reference)
      return 'trouble' in resolved ? { text: shownReference(reference) } : resolved
    },
  }
}

function notAllowed(scheme: ReferenceScheme): string {
  return (
    `this server does not resolve ${scheme}: references; its operator can allow them with ` +
    `TAILRACE_SECRET_REFERENCES=${scheme} in the environment of the server, of its workers and of "tailrace apply"`
  )
}
