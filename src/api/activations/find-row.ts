import { findActivation, type ActivationRow } from '../../store/project/activations.ts'
import type { Services } from '../services.ts'

/** The stored state of a saved Activation; undefined before its first Run. Throws a Fault `activation-not-found`. */
export async function findRow({ database, project }: Services, name: string): Promise<ActivationRow | undefined> {
  const row = await findActivation(database.pool, name)
  if (row === undefined) await project.read('activations', name)
  return row
}
