import { findActivation, type ActivationRow } from '../../store/project/activations.ts'
import type { Services } from '../services.ts'

/** What is remembered of a saved Activation; undefined where it never ran. Throws a Fault `activation-not-found` where there is none. */
export async function findRow({ database, project }: Services, name: string): Promise<ActivationRow | undefined> {
  const row = await findActivation(database.pool, name)
  if (row === undefined) await project.read('activations', name)
  return row
}
