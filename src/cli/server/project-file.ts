import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Pool } from 'pg'
import type { Draft, Project } from '../../api/project.ts'
import { openBody } from '../../api/saved-body.ts'
import { createProblemList } from '../../config/problem-list.ts'
import { readTextFile } from '../../config/read-text-file.ts'
import { readYaml } from '../../config/read-yaml.ts'
import { toValue } from '../../config/source-node.ts'
import { listAllEntries, sections } from '../../store/project-entries.ts'
import type { Sealer } from '../../store/sealer.ts'

/** How a tailrace.yaml and what is saved in the server go together. */
export type FileStanding =
  | { readonly kind: 'no file' | 'same' }
  /** Nothing was saved, so all of the file is now. */
  | { readonly kind: 'taken over'; readonly counts: Readonly<Record<(typeof sections)[number], number>> }
  /** They are not the same: what is saved runs. `section/name` of what differs. */
  | { readonly kind: 'differs'; readonly names: readonly string[] }

export interface Meeting {
  /** Absolute path of tailrace.yaml. */
  readonly file: string
  readonly pool: Pool
  readonly project: Project
  readonly sealer: Sealer
  /** Reads the file as a Run from the command line does: throws what is wrong with it, each mistake at its place. */
  readonly validate: () => Promise<unknown>
}

/** Saves the file in a server that has nothing saved yet; else only compares. */
export async function meetProjectFile({ file, pool, project, sealer, validate }: Meeting): Promise<FileStanding> {
  if (!existsSync(file)) return { kind: 'no file' }
  const saved = await listAllEntries(pool)
  if (saved.length === 0) await validate()
  const drafts = await readDrafts(file)
  if (saved.length === 0) {
    for (const draft of drafts) await project.create(draft)
    const count = (wanted: string) => drafts.filter(({ section }) => section === wanted).length
    return { kind: 'taken over', counts: { warehouses: count('warehouses'), targets: count('targets'), activations: count('activations') } }
  }
  const bodies = new Map(saved.map((entry) => [`${entry.section}/${entry.name}`, openBody(entry, sealer)]))
  const names = drafts.map(({ section, name }) => `${section}/${name}`)
  const differing = [
    ...drafts.filter(({ section, name, body }) => !isDeepStrictEqual(bodies.get(`${section}/${name}`), body)).map(({ section, name }) => `${section}/${name}`),
    ...[...bodies.keys()].filter((name) => !names.includes(name)),
  ]
  return differing.length === 0 ? { kind: 'same' } : { kind: 'differs', names: differing }
}

/** What stands in the file as it is written, `${VAR}` included; Connections before the Activations that use them. */
async function readDrafts(file: string): Promise<Draft[]> {
  const root = toValue(readYaml(await readTextFile(file, { code: 'config-not-found', advice: 'Write it with "tailrace init".' }), {}, createProblemList(file), 'keep')) as Partial<Record<(typeof sections)[number], Record<string, Draft['body']>>> | null | undefined
  return sections.flatMap((section) => Object.entries(root?.[section] ?? {}).map(([name, body]) => ({ section, name, body })))
}
