import { existsSync } from 'node:fs'
import { planApply } from '../api/config/apply-config.ts'
import type { ProjectOptions } from '../api/project/saved-project.ts'
import { readTextFile } from '../config/source/read-text-file.ts'
import { Fault } from '../model/fault.ts'
import { listAllEntries, type Section } from '../store/project/project-entries.ts'

/** How a tailrace.yaml compares with the configuration that is saved in the server. */
export type FileStanding =
  | { readonly kind: 'no file' | 'same' }
  /** Nothing was saved before; the whole file is saved now. */
  | { readonly kind: 'taken over'; readonly counts: Readonly<Record<Section, number>> }
  /** They differ: the saved configuration is used. `section/name` of each difference. */
  | { readonly kind: 'differs'; readonly names: readonly string[] }
  /** The saved configuration is used; the file is not valid and could not be compared. */
  | { readonly kind: 'not valid'; readonly why: string }

/**
 * Saves the file if the server has nothing saved yet; else only compares. Throws the errors of a file that is to be
 * saved.
 */
export async function meetProjectFile(file: string, project: ProjectOptions): Promise<FileStanding> {
  if (!existsSync(file)) return { kind: 'no file' }
  const isEmpty = (await listAllEntries(project.database)).length === 0
  try {
    const text = await readTextFile(file, { code: 'config-not-found', advice: 'Write it with "tailrace init".' })
    const { changes, perform } = await planApply(project, { text, file, prune: true })
    if (isEmpty) {
      await perform()
      const count = (wanted: Section) => changes.filter(({ section }) => section === wanted).length
      return {
        kind: 'taken over',
        counts: { warehouses: count('warehouses'), targets: count('targets'), activations: count('activations') },
      }
    }
    const names = changes.filter(({ what }) => what !== 'same').map(({ section, name }) => `${section}/${name}`)
    return names.length === 0 ? { kind: 'same' } : { kind: 'differs', names }
  } catch (error) {
    if (isEmpty || !Fault.is(error) || error.kind !== 'usage') throw error
    return { kind: 'not valid', why: error.message }
  }
}
