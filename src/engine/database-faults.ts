import { isDatabaseTrouble } from '../store/database-trouble.ts'
import { asFault } from './send-slice.ts'

/** Does what asks the control database, whose trouble comes out as a Fault: it passes, and is nobody's mistake. */
export async function withDatabaseFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDatabaseTrouble(error) ? asFault(error) : error
  }
}
