import { isDeepStrictEqual } from 'node:util'
import type { Pool } from 'pg'
import { isMark } from '../api/project/saved-body.ts'
import { createProblemList } from '../config/problem-list.ts'
import { readRoot } from '../config/source/read-yaml.ts'
import { readTextFile } from '../config/source/read-text-file.ts'
import { nodeAt, toValue } from '../config/source/source-node.ts'
import { notice, type Notice } from '../model/notice.ts'
import { findEntry, type Section } from '../store/project/project-entries.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * Runs from the command line use tailrace.yaml; a server on the same control database uses its saved config. Returns a
 * notice if both contain the Activation and differ.
 */
export async function savedConfigNotices(pool: Pool, file: string, activation: string): Promise<Notice[]> {
  const saved = await findEntry(pool, 'activations', activation)
  if (saved === undefined) return []
  const text = await readTextFile(file, { code: 'config-not-found', advice: '"tailrace init" writes one.' })
  const root = readRoot(text, {}, createProblemList(file), 'as-written')
  const written = (section: Section, name: string): Body => (toValue(nodeAt(root, [section, name])) ?? {}) as Body
  const differing = differingKeys(written('activations', activation), saved.body)
  for (const [section, key] of [
    ['warehouses', 'warehouse'],
    ['targets', 'target'],
  ] as const) {
    const name = String(saved.body[key])
    const connection = await findEntry(pool, section, name)
    if (connection === undefined || differing.includes(key)) continue
    differing.push(...differingKeys(written(section, name), connection.body).map((each) => `${key} "${name}": ${each}`))
  }
  if (differing.length === 0) return []
  return [
    notice(
      'config-differs',
      `The config of "${activation}" that is saved in the server differs (${differing.join(', ')}). This command used ${file}; Runs of the server use the saved config. ` +
        '"tailrace apply" saves the file in the server; "tailrace export" prints the saved config.',
      { keys: differing.join(', ') },
    ),
  ]
}

/** The keys that differ. Sealed values cannot be compared, so they are ignored. */
function differingKeys(written: Body, saved: Body): string[] {
  return [...new Set([...Object.keys(written), ...Object.keys(saved)])].filter(
    (key) => !isMark(saved[key]) && !isDeepStrictEqual(plain(written[key]), plain(saved[key])),
  )
}

/** The schemas treat 200 and "200" as equal. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}
