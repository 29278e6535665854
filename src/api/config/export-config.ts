import type { Pool } from 'pg'
import { stringify } from 'yaml'
import { listAllEntries, sections } from '../../store/project/project-entries.ts'
import { stepsOf, withValue } from '../project/json-pointer.ts'

/** The whole saved project as a tailrace.yaml. Typed secrets become variable names; their values are never exported. */
export async function exportConfig(pool: Pool): Promise<string> {
  const entries = await listAllEntries(pool)
  const taken = new Set<string>()
  const name = (wanted: string): string => {
    let variable = wanted
    for (let next = 2; taken.has(variable); next += 1) variable = `${wanted}_${next}`
    taken.add(variable)
    return variable
  }
  const written = sections.flatMap((section): [string, Record<string, unknown>][] => {
    const inSection = entries
      .filter((entry) => entry.section === section)
      .map((entry): [string, unknown] => [
        entry.name,
        Object.keys(entry.sealed).reduce(
          (body, pointer) => withValue(body, stepsOf(pointer), `\${${name(secretVariable(entry.name, pointer))}}`),
          entry.body,
        ),
      ])
    return inSection.length === 0 ? [] : [[section, Object.fromEntries(inSection)]]
  })
  const paused = entries.filter((entry) => entry.paused).map((entry) => entry.name)
  const head = [
    '# Written by "tailrace export".',
    ...(taken.size > 0
      ? [
          `# Secrets that were entered directly are not shown: set ${[...taken].join(', ')}, or apply this file to the server that has them.`,
        ]
      : []),
    ...(paused.length > 0 ? [`# Paused in the server: ${paused.join(', ')}.`] : []),
  ]
  return `${head.join('\n')}\n${written.length === 0 ? '' : `\n${stringify(Object.fromEntries(written), { lineWidth: 0 })}`}`
}

/** The variable name that an export uses for a typed secret: `SUPPORT_TOKEN` for `token` of "support". */
function secretVariable(name: string, pointer: string): string {
  const words = `${name}${pointer}`
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^[A-Z]/.test(words) ? words : `SECRET_${words}`
}

/** The variable name, if this text is the placeholder that an export writes for this secret. */
export function namedInExport(written: unknown, name: string, pointer: string): string | undefined {
  const variable = typeof written === 'string' ? /^\$\{([A-Z0-9_]+)\}$/.exec(written)?.[1] : undefined
  return variable !== undefined && variable.replace(/_\d+$/, '') === secretVariable(name, pointer).replace(/_\d+$/, '')
    ? variable
    : undefined
}
