import type { ReferenceScheme } from '../../config/references/reference.ts'
import { createReferences, type References } from '../../config/references/resolve-reference.ts'
import { Fault } from '../../model/fault.ts'
import { entryEnv } from './project-config.ts'

/**
 * The references that saved Connections may use. Whoever may save a Connection could read files of the server, or run
 * programs there, so `file:` and `exec:` need TAILRACE_SECRET_REFERENCES. A program gets none of the server's own
 * secrets. Throws a Fault `secret-references-invalid`.
 */
export function entryReferences(env: Readonly<Record<string, string | undefined>>, dir: string): References {
  return createReferences({
    dir,
    env: entryEnv(env),
    allowed: ['env', ...allowedIn(env['TAILRACE_SECRET_REFERENCES'])],
  })
}

function allowedIn(written = ''): ReferenceScheme[] {
  return written
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      if (each === 'file' || each === 'exec') return each
      throw new Fault('usage', `TAILRACE_SECRET_REFERENCES contains "${each}".`, {
        code: 'secret-references-invalid',
        advice: 'Write file, exec, or both: file,exec. Without the variable, neither is allowed.',
      })
    })
}
